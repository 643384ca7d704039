require('./calls.cjs')
  .run(require)
  .catch((error) => {
    console.error(error);
    process.exitCode = 1;
  });
