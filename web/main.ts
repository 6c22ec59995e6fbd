import { start } from './app/main.tsx';

void start(document.querySelector('#app')!);
