// Mocha's spec reporter, and one line alone at the end that a machine can read: "N passed, N failed".
import Mocha from 'mocha';

export default class CountingReporter extends Mocha.reporters.Spec {
  done(failures, end) {
    const { passes = 0, failures: failed = 0, pending = 0 } = this.stats;
    console.log(`${passes} passed, ${failed} failed${pending > 0 ? `, ${pending} skipped` : ''}`);
    end(failures);
  }
}
