// Seeds 11 to 20 on MongoDB; the others run beside them, in a file of their own.
import { describeSeedsOnBoth } from '../../src/test/simulator/on-both.ts'

describeSeedsOnBoth(11, 20)
