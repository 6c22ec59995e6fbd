/** `npm run deploy -- staging|production`. */
import { setTimeout as wait } from 'node:timers/promises';
import { deploy } from './deploy.ts';
import { build, deployWithWrangler, environments, git, listSecrets, readConfig, readSecretNames } from './programs.ts';

try {
  await deploy(process.argv.slice(2), {
    env: process.env,
    git,
    build,
    environments,
    readConfig,
    listSecrets,
    readSecretNames,
    deploy: deployWithWrangler,
    say: line => console.log(line),
    nowMs: Date.now,
    wait,
  });
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exit(1);
}
