// Stands for the service's tests on MongoDB while there is no MONGODB_URI; with it they run themselves.
import { describeOnMongo } from '../../src/test/on-mongo.ts'

describeOnMongo('the tests of the service on MongoDB', () => undefined)
