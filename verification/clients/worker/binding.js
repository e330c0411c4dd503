// A Worker that runs the scenarios on its own bindings: / names them, /NAME runs one and says what failed.

import * as scenarios from "scenarios.js";

export default {
  async fetch(request, env) {
    const name = new URL(request.url).pathname.slice(1);
    if (name === "") {
      return Response.json(Object.keys(scenarios));
    }
    try {
      await scenarios[name](env);
      return Response.json({});
    } catch (failure) {
      return Response.json({ failure: failure.stack ?? String(failure) });
    }
  },
};
