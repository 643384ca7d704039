// Tests run as at somebody's desk, wherever they run: what tells of a CI job, a batch job, an agent or a remote session is
// taken out of the environment, before `ci-info` reads it. Tests about one of these set it themselves.
import vendors from 'ci-info/vendors.json' with { type: 'json' };

const signs = [
  'CI CI_APP_ID CI_BUILD_ID CI_BUILD_NUMBER CI_NAME BUILD_ID BUILD_NUMBER CONTINUOUS_INTEGRATION RUN_ID',
  'SLURM_JOB_ID PBS_JOBID PBS_ENVIRONMENT SGE_TASK_ID LSB_JOBID OAR_JOB_ID OMPI_COMM_WORLD_SIZE PMI_SIZE',
  'KUBERNETES_SERVICE_HOST JUPYTERHUB_USER FREVA_BATCH_JOB',
  'AI_AGENT CLAUDECODE CODEX_SANDBOX CURSOR_AGENT GEMINI_CLI OPENCODE',
  'BROWSER CODESPACES DEVCONTAINER REMOTE_CONTAINERS SSH_CLIENT SSH_CONNECTION SSH_TTY VSCODE_IPC_HOOK_CLI WSL_DISTRO_NAME',
].flatMap((names) => names.split(' '));
for (const { env } of vendors) signs.push(...namesIn(env));
for (const name of signs) delete process.env[name];

/** A vendor is told by one name, by several, or by one of several; `NODE` is Heroku's only with a certain value. */
function namesIn(env: unknown): string[] {
  if (typeof env === 'string') return [env];
  if (Array.isArray(env)) return env;
  const { any, ...others } = env as Record<string, unknown>;
  return Array.isArray(any) ? any : Object.keys(others).filter((name) => name !== 'env' && name !== 'includes');
}
