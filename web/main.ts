import { start } from './app/main.tsx';

start(document.querySelector('#app')!);
