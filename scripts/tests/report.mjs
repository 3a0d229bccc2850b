// What a run of tests prints: a line for each file as it ends, the failures whole at the end, and one line alone at the
// very end that a machine can read: "N passed, N failed[, N skipped]".

/** @param total how many files there are */
export function openReport(total) {
  const sum = { passed: 0, failed: 0, skipped: 0 };
  const failures = [];
  let files = 0;

  return {
    sum,
    add({ file, ms, passed, failed, skipped, said, wrote }) {
      files += 1;
      sum.passed += passed;
      sum.failed += failed;
      sum.skipped += skipped;
      if (failed > 0) failures.push({ file, said });
      const place = `${String(files).padStart(String(total).length)}/${total}`;
      const seconds = `${(ms / 1000).toFixed(1)} s`.padStart(8);
      console.log(`${failed > 0 ? '✗' : '✓'} ${place} ${seconds}  ${file}: ${counts({ passed, failed, skipped })}`);
      if (wrote) console.log(wrote.trimEnd().replace(/^/gm, '    '));
    },
    /** @param problem what is wrong beside tests that failed */
    close(problem) {
      for (const { file, said } of failures) console.log(`\n${file}\n${said}`);
      if (problem) console.log(`\n${problem}`);
      console.log(`\n${counts(sum)}`);
    },
  };
}

function counts({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}
