/** Starts the page on its host. */

import { host } from '@host';
import { mount } from 'svelte';
import { App } from './model/app.svelte';
import './styles/index.css';
import Root from './view/Root.svelte';

const target = document.getElementById('app');
if (target) {
  const app = new App(host);
  void app.preferences.load().then(() => mount(Root, { target, props: { app } }));
}
