// Preloaded into processes that tests start: they end when the test run that started them is gone, however it ended.
const owner = Number(process.env.DSIM_TEST_OWNER);
if (process.ppid === owner) {
  setInterval(() => {
    if (process.ppid !== owner) process.kill(process.pid, 'SIGKILL');
  }, 1_000).unref();
}
