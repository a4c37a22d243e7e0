// Seeds 1 to 10 on MongoDB; the others run beside them, in a file of their own.
import { describeSeedsOnBoth } from '../../src/test/simulator/on-both.ts'

describeSeedsOnBoth(1, 10)
