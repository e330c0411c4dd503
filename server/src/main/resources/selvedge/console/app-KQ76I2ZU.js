import{a as nt,b as ce,c as We,d as zt,e as X,f as ot,g as Bt}from"./chunk-JV6LZSUF.js";import{a as ye,b as Ve,c as at,d as jt,e as rt,f as Ft}from"./chunk-55IGJWHT.js";import{a as lt,b as Gt,c as Yt}from"./chunk-POUJFUVL.js";import{$ as Dt,A as R,B as se,C as Mt,D as Rt,E as Ct,F as Nt,G as At,H as ie,I as _e,J as Ze,K as ge,L as et,M as tt,N as qe,O as He,P as st,Q as Lt,R as Ee,S as it,T as It,U as Ot,_ as Pt,a as i,aa as Kt,b as S,ba as _t,c as u,ca as qt,d as g,da as Ht,e as y,ea as Ut,f as d,fa as Vt,g as oe,ga as Wt,h as A,ha as Se,i as fe,ia as le,j as Ke,ja as l,k as O,ka as Me,l as Tt,la as Re,m as w,ma as Ue,n as M,na as ae,o as Y,p as m,q as te,r as k,s as j,t as J,u as P,v as C,w as Et,x as St,y as b,z as Qe}from"./chunk-KPWEZDES.js";import{a as c}from"./chunk-JFKSI6I7.js";var ct="selvedge-theme",pt=matchMedia("(prefers-color-scheme: dark)");function pe(){let a=localStorage.getItem(ct);return a==="light"||a==="dark"?a:pt.matches?"dark":"light"}function je(){document.documentElement.dataset.theme=pe()}function Jt(){let a=pe()==="dark"?"light":"dark";a===(pt.matches?"dark":"light")?localStorage.removeItem(ct):localStorage.setItem(ct,a),je()}pt.addEventListener("change",je);var q=a=>i`<svg width="16" height="16" viewBox="0 0 16 16" fill="none" stroke="currentColor" stroke-width="1.4" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true">${a}</svg>`,E={overview:q(S`<rect x="2.5" y="2.5" width="4.2" height="4.2" rx=".6"/><rect x="9.3" y="2.5" width="4.2" height="4.2" rx=".6"/><rect x="2.5" y="9.3" width="4.2" height="4.2" rx=".6"/><rect x="9.3" y="9.3" width="4.2" height="4.2" rx=".6"/>`),live:q(S`<path d="M1.5 8.5h2.7L6.4 3l3 10 2-4.500h3.100"/>`),analytics:q(S`<path d="M2 13.500h12M4 13.500V8.500M8 13.500v-10M12 13.500v-7"/>`),access:q(S`<rect x="3.300" y="7" width="9.400" height="6.700" rx="1.200"/><path d="M5.500 7V4.800a2.500 2.500 0 0 1 5 0V7"/>`),connect:q(S`<path d="M4.700 4.500 1.500 8l3.200 3.500M11.300 4.500 14.500 8l-3.200 3.500M9.200 3 6.800 13"/>`),settings:q(S`<path d="M1.500 5h7M12.500 5h2M1.500 11h2M7.500 11h7"/><circle cx="10.500" cy="5" r="1.700"/><circle cx="5.500" cy="11" r="1.700"/>`),browse:q(S`<path d="M2 3.500h12M2 8h12M2 12.500h8"/>`),find:q(S`<circle cx="7" cy="7" r="4"/><path d="m10 10 3.500 3.500"/>`),arrow:i`<svg class="arrow" width="14" height="8" viewBox="0 0 14 8" fill="currentColor" aria-hidden="true"><path d="M4.500 1.200 9 4 4.500 6.800z"/></svg>`,close:q(S`<path d="m4 4 8 8M12 4l-8 8"/>`),more:q(S`<path d="M3.500 8h.01M8 8h.01M12.500 8h.01" stroke-width="2"/>`),light:q(S`<circle cx="8" cy="8" r="3"/><path d="M8 1.500v1.200M8 13.300v1.200M1.500 8h1.200M13.300 8h1.200M3.400 3.400l.9.9M11.700 11.700l.9.9M3.400 12.600l.9-.9M11.700 4.300l.9-.9"/>`),dark:q(S`<path d="M13.500 9.700A6 6 0 0 1 6.300 2.500a6 6 0 1 0 7.200 7.200Z"/>`),pause:i`<svg width="10" height="10" viewBox="0 0 10 10" fill="currentColor" aria-hidden="true"><path d="M1 0h3v10H1zM6 0h3v10H6z"/></svg>`,play:i`<svg width="10" height="10" viewBox="0 0 10 10" fill="currentColor" aria-hidden="true"><path d="M1.500 0 9.500 5l-8 5z"/></svg>`},Fe=i`<svg width="18" height="18" viewBox="0 0 16 16" aria-hidden="true"><rect x="1" y="1.500" width="8.500" height="13" fill="var(--indigo)"/><path d="M9.500 1.500H15v13H9.500z" fill="var(--grey-ground)"/><path d="M12.200 1.500v2.300M12.200 5.100v2.300M12.200 8.700V11M12.200 12.300v2.200" stroke="var(--thread)" stroke-width="1.300"/></svg>`;var xs="overview";function ks(a){let[n="",e=""]=Ts(a.replace(/^#?\/?/,"")),[t,s]=n.split("/"),r={};for(let[o,p]of new URLSearchParams(e))r[o]=p;return{page:t||xs,namespace:Es(s??""),parameters:r}}function Ts(a){let n=a.indexOf("?");return n<0?[a,""]:[a.slice(0,n),a.slice(n+1)]}function Es(a){try{return decodeURIComponent(a)}catch{return a}}function f(a,n="",e={}){let t=new URLSearchParams;for(let[o,p]of Object.entries(e))p!==void 0&&p!==""&&t.set(o,String(p));let s=n?`${a}/${encodeURIComponent(n)}`:a,r=t.toString();return`#/${s}${r?`?${r}`:""}`}function be(){return ks(location.hash)}function Xt(){let{code:a=""}=be().parameters;return a&&history.replaceState(null,"",$({code:void 0})),a}function $(a){let n=be();return f(n.page,n.namespace,{...n.parameters,...a})}function v(a,n=!1){a!==location.hash&&(n?(history.replaceState(null,"",a),dispatchEvent(new HashChangeEvent("hashchange"))):location.hash=a)}async function $e(){let a="",n=await new Re({heading:"New namespace",label:"Title",action:"Create",hint:"Any text, such as sessions. It can be changed later."},async e=>{a=(await Ct(l.account,e)).id}).open();n&&(await l.refresh(),M(`Created ${n}.`),v(f("browse",a)))}var Ss=8,Ms=60,Q=class extends Me{constructor(e,t){super();this.commands=e;this.namespace=t;this.text="";this.chosen=0;this.keys=[]}connectedCallback(){super.connectedCallback(),this.listen(l,"change",()=>this.requestUpdate())}heading(){return""}body(){return i``}actions(){return i``}async open(){let e=await super.open();return e?.run(),e}closed(){this.request?.abort()}get found(){let e=this.text.toLowerCase().split(/\s+/).filter(Boolean);return[...this.commands().filter(s=>e.every(r=>s.text.toLowerCase().includes(r))).slice(0,Ms),...this.keys]}async typed(e){this.text=e.target.value,this.chosen=0,this.request?.abort();let t=this.text.trim();if(!this.namespace||!t){this.keys=[];return}let s=new AbortController;this.request=s;try{let r=await ge(this.namespace,t,{from:""},Ss,s.signal);if(!s.signal.aborted&&"rows"in r){let o=r.rows.map(h=>({text:b(h.key),hint:"key",run:()=>v(f("browse",this.namespace,{key:h.key}))})),p={text:`All keys that begin with ${b(t)}`,hint:"prefix",run:()=>v(f("browse",this.namespace,{prefix:t}))};this.keys=o.length>0?[...o,p]:[]}}catch{}}key(e){let{found:t}=this;if(e.key==="ArrowDown"||e.key==="ArrowUp"){e.preventDefault();let s=e.key==="ArrowDown"?1:t.length-1;this.chosen=t.length?(this.chosen+s)%t.length:0,this.updateComplete.then(()=>this.querySelector("[aria-selected=true]")?.scrollIntoView({block:"nearest"}))}else e.key==="Enter"&&(e.preventDefault(),this.close(t[this.chosen]))}render(){let{found:e}=this;return i`<dialog class="palette" aria-label="Find" @click=${t=>t.target===t.currentTarget&&this.close()}>
      <input
        role="combobox"
        aria-label="Find a key, a namespace, an action"
        aria-expanded="true"
        aria-controls="palette-list"
        aria-activedescendant=${e.length?`command-${this.chosen}`:""}
        placeholder="Find a key, a namespace, an action"
        autocomplete="off"
        spellcheck="false"
        autofocus
        @input=${this.typed}
        @keydown=${this.key}
      />
      <ul id="palette-list" role="listbox" aria-label="Found">
        ${e.map((t,s)=>i`<li role="option" id="command-${s}" aria-selected=${s===this.chosen?"true":"false"} @click=${()=>this.close(t)}>
              <span class="clip ${t.hint==="key"?"mono":""}">${t.text}</span><span class="mute">${t.hint}</span>
            </li>`)}
      </ul>
      ${e.length?"":i`<p class="empty">Nothing has this name.</p>`}
    </dialog>`}};c([d()],Q.prototype,"text",2),c([d()],Q.prototype,"chosen",2),c([d()],Q.prototype,"keys",2),Q=c([g("command-palette")],Q);var Rs=[["Ctrl K or ⌘K","find a key, a namespace, an action"],["/","filter"],["↑ ↓","next and previous key or group"],["← →","close and open a group"],["Home, End","first and last key"],["Enter","open"],["Space","select a key"],["E","edit the value"],["Ctrl S or ⌘S","save"],["Esc","close"],["?","this list"]],he=class extends Me{heading(){return"Keys"}body(){return i`<table class="head-first"><tbody>
      ${Rs.map(([n,e])=>i`<tr><td><kbd>${n}</kbd></td><td>${e}</td></tr>`)}
    </tbody></table>`}actions(){return i`<button class="button main" type="button" @click=${()=>this.close()}>Close</button>`}};he=c([g("keys-dialog")],he);function L(a=6){let n=[62,48,71,55,40,66];return i`<div class="page" role="status" aria-label="Loading">
    ${Array.from({length:a},(e,t)=>i`<span class="skeleton" .style=${`width:${n[t%n.length]}%`}></span>`)}
  </div>`}function I(a,n){if(a instanceof oe&&a.status===403)return Ce(a.message);if(Ke(a))return i`<div class="empty" role="alert">
      <h2>The server is of another release</h2>
      <p>It lacks what this page requests, or answers in a form that this page does not know. ${Cs()} Reload the page. If this remains, upgrade the server.</p>
      <div class="row"><button class="button" @click=${()=>location.reload()}>Reload</button></div>
    </div>`;let e=a instanceof oe&&a.code==="unreachable";return i`<div class="empty" role="alert">
    <h2>${e?"The server does not answer":"This could not be loaded"}</h2>
    <p>${e?"Nothing is lost. The console retries automatically.":a.message}</p>
    <div class="row"><button class="button" @click=${n}>Try again</button></div>
  </div>`}function Cs(){let[a,n]=[le(l.pageSoftware),le(l.session.software)];return a===n?`Both are of release ${a}: a proxy between them may have answered.`:`This page is of release ${a}, the server of release ${n}.`}function Ce(a){return i`<div class="empty">
    <h2>Your token does not allow this</h2>
    <p>${a}</p>
  </div>`}var we=class extends w{constructor(){super(...arguments);this.trouble="";this.busy=!1}connectedCallback(){super.connectedCallback(),this.listen(l,"change",()=>this.trouble||=l.linkTrouble),this.trouble=l.linkTrouble}async submit(e){e.preventDefault();let s=e.target.querySelector("input");this.busy=!0,this.trouble="";try{await Mt(s.value.trim()),s.value="",await l.start()}catch(r){this.trouble=A(r,401)?"This token is not valid: it is mistyped, revoked or expired.":r.message,s.select()}this.busy=!1}render(){return i`<main class="sign-in">
      <form class="card" @submit=${this.submit}>
        <h1 class="brand">${Fe} Selvedge</h1>
        <p class="mute">This server requires a token. An operator creates one with <code>selvedge token create</code>, or signs in with the link that <code>selvedge console</code> prints.</p>
        <label class="stack"><span class="label">Token</span>
          <input class="field mono" type="password" name="token" autocomplete="current-password" required autofocus
            aria-invalid=${this.trouble?"true":"false"} aria-describedby="sign-in-trouble" />
        </label>
        <div id="sign-in-trouble" role="alert">${this.trouble?i`<p class="wrong">${this.trouble}</p>`:u}</div>
        <button class="button main" ?disabled=${this.busy}>Sign in</button>
      </form>
    </main>`}};c([d()],we.prototype,"trouble",2),c([d()],we.prototype,"busy",2),we=c([g("sign-in-page")],we);var Ne={width:148,height:24};function de(a,n){let e=Math.max(...a,1),t=Ne.width/Math.max(1,a.length-1),s=a.map((r,o)=>`${o?"L":"M"}${(o*t).toFixed(1)} ${(Ne.height-1-r/e*(Ne.height-2)).toFixed(1)}`).join("");return i`<svg class="spark" viewBox="0 0 ${Ne.width} ${Ne.height}" preserveAspectRatio="none" aria-hidden="true"><path class="series-${n}" d=${s||"M0 0"}></path></svg>`}var T={width:600,height:190,left:40,right:8,top:10,bottom:22},Qt=4,B=class extends w{constructor(){super(...arguments);this.times=[];this.series=[];this.format=String;this.label=""}x(e){return T.left+e/Math.max(1,this.times.length-1)*(T.width-T.left-T.right)}get most(){let e=Math.max(...this.series.flatMap(t=>t.values.map(s=>s??0)),0);return e===0?1:e*1.08}y(e,t){return T.height-T.bottom-e/t*(T.height-T.bottom-T.top)}indexAt(e){let t=this.querySelector("svg").getBoundingClientRect(),r=((e.clientX-t.left)/t.width*T.width-T.left)/(T.width-T.left-T.right);return Math.max(0,Math.min(this.times.length-1,Math.round(r*(this.times.length-1))))}release(){if(this.from!==void 0&&this.at!==void 0&&Math.abs(this.at-this.from)>1){let[e,t]=[Math.min(this.from,this.at),Math.max(this.from,this.at)];this.dispatchEvent(new CustomEvent("zoom",{detail:{from:this.times[e],to:this.times[t]}}))}this.from=void 0}path(e,t){let s="",r=!1;return e.forEach((o,p)=>{o===null?r=!1:(s+=`${r?"L":"M"}${this.x(p).toFixed(1)} ${this.y(o,t).toFixed(1)}`,r=!0)}),s||"M0 0"}hours(e){let t=new Date(this.times[e]);return this.times.at(-1)-this.times[0]>48*36e5?t.toLocaleDateString(void 0,{day:"numeric",month:"short"}):t.toLocaleTimeString(void 0,{hour:"2-digit",minute:"2-digit",hour12:!1})}render(){let{most:e}=this,t=[.05,.23,.41,.59,.77,.95].map(r=>Math.round(r*(this.times.length-1))),s=[];for(let r=0;r<=Qt;r++){let o=e/Qt*r;s.push(S`<line class="grid" x1=${T.left} x2=${T.width-T.right} y1=${this.y(o,e)} y2=${this.y(o,e)}></line>
        <text x=${T.left-6} y=${this.y(o,e)+3} text-anchor="end">${this.format(o)}</text>`)}return i`<div class="chart">
      <svg viewBox="0 0 ${T.width} ${T.height}" role="img" aria-label=${this.label}
        @pointermove=${r=>this.at=this.indexAt(r)}
        @pointerdown=${r=>this.from=this.indexAt(r)}
        @pointerup=${this.release}
        @pointerleave=${()=>{this.at=void 0,this.from=void 0}}>
        ${s}
        ${this.times.length?t.map(r=>S`<text x=${this.x(r)} y=${T.height-6} text-anchor="middle">${this.hours(r)}</text>`):""}
        ${this.series.map((r,o)=>S`<path class="series-${o}" d=${this.path(r.values,e)}></path>`)}
        ${this.at===void 0?"":S`<line class="grid" x1=${this.x(this.at)} x2=${this.x(this.at)} y1=${T.top} y2=${T.height-T.bottom}></line>`}
      </svg>
      <p class="mute reading">${this.at===void 0?" ":`${this.hours(this.at)}: ${this.series.map(r=>`${r.name} ${r.values[this.at]==null?"none":this.format(r.values[this.at])}`).join(" · ")}`}</p>
    </div>`}};c([y({attribute:!1})],B.prototype,"times",2),c([y({attribute:!1})],B.prototype,"series",2),c([y({attribute:!1})],B.prototype,"format",2),c([y()],B.prototype,"label",2),c([d()],B.prototype,"at",2),c([d()],B.prototype,"from",2),B=c([g("line-chart")],B);function D(){return new URL(".",document.baseURI).href.replace(/\/$/,"")}function Ns(a){return`'${a.replaceAll("'","'\\''")}'`}function Zt(a){return JSON.stringify(a).replace(/[\u007f-\uffff]/g,n=>`\\u${n.charCodeAt(0).toString(16).padStart(4,"0")}`)}var ze=()=>l.session.guarded,ht=()=>ze()?' -H "Authorization: Bearer $SELVEDGE_TOKEN"':"",es=(a,n)=>`${D()}/v1/namespaces/${a}/values/${encodeURIComponent(n).replaceAll("'","%27")}`,ts=()=>`export CLOUDFLARE_API_BASE_URL=${D()}/client/v4
export CLOUDFLARE_API_TOKEN=${ze()?"$SELVEDGE_TOKEN":"any"} CLOUDFLARE_ACCOUNT_ID=${l.account}`,dt=(a,n)=>`try (Selvedge selvedge = Selvedge.connect(URI.create("${D()}")${ze()?', System.getenv("SELVEDGE_TOKEN")':""})) {
  selvedge.namespace(${Zt(a)}).${n};
}`;function ss(a,n,e){return[{name:"curl",text:`curl${ht()} '${es(a,e)}'`},{name:"wrangler",text:`npx wrangler kv key get ${Ns(e)} --namespace-id ${a} --remote`},{name:"JavaScript",text:`const value = await env.KV.get(${JSON.stringify(e)});`},{name:"Java",text:dt(n,`getText(${Zt(e)}).ifPresent(System.out::println)`)}]}function As(a,n){return[{name:"curl",text:`curl -X PUT${ht()} -d hello '${es(a,"greeting")}'`},{name:"wrangler",text:`${ts()}
npx wrangler kv key put greeting hello --namespace-id ${a} --remote`},{name:"JavaScript",text:'await env.KV.put("greeting", "hello");'},{name:"Java",text:dt(n,'put("greeting", "hello", WriteOptions.PLAIN)')}]}function is(a,n){let e=new URL(D()),t=n.replace(/\W+/g,"_").toUpperCase()||"KV";return[{name:"wrangler.toml",text:`kv_namespaces = [{ binding = "${t}", id = "${a}" }]

# For wrangler dev: npm install --save-dev @selvedge/workers
[[unsafe.bindings]]
name = "SELVEDGE"
type = "selvedge"
[unsafe.bindings.dev.plugin]
package = "@selvedge/workers/plugin"
name = "selvedge"
[unsafe.bindings.dev.options]
url = "${D()}"`},{name:"wrangler.jsonc",text:JSON.stringify({kv_namespaces:[{binding:t,id:a}],unsafe:{bindings:[{name:"SELVEDGE",type:"selvedge",dev:{plugin:{package:"@selvedge/workers/plugin",name:"selvedge"},options:{url:D()}}}]}},null,2)},{name:"cloudflare.config.ts",text:`import { bindings } from "@cloudflare/config/experimental-config";

export const env = { ${t}: bindings.kv({ id: "${a}" }) };`},{name:"workerd (capnp)",text:`# Or let the command write the whole file: selvedge worker-config wrangler.toml --server ${D()}
( name = "kv-${t}",
  external = (
    address = "${e.host}${e.port?"":e.protocol==="https:"?":443":":80"}",
    ${e.protocol==="https:"?"https = (options = (":"http = ("}injectRequestHeaders = [
      (name = "CF-KV-Namespace-Id", value = "${a}"),${ze()?`
      (name = "Authorization", value = "Bearer TOKEN"),`:""}
    ]${e.protocol==="https:"?'), tlsOptions = (trustBrowserCas = true), certificateHost = "'+e.hostname+'")':")"} ) ),

# In the Worker:
bindings = [ (name = "${t}", kvNamespace = "kv-${t}") ],`},{name:"wrangler",text:`${ts()}
npx wrangler kv key list --namespace-id ${a} --remote`},{name:"Java",text:dt(n,'put("greeting", "hello", WriteOptions.PLAIN)')},{name:"curl",text:`curl${ht()} '${D()}/v1/namespaces/${a}/values/greeting'`},{name:"A Worker on this server",text:`selvedge dev . --server ${D()}`}]}function ut(a){return i`<section class="stack">
    <h2 class="label">${a.name}</h2>
    <div class="code">
      <pre tabindex="0" role="region" aria-label=${a.name}>${a.text}</pre>
      <button class="button" aria-label="Copy ${a.name}" @click=${()=>Y(a.text,a.name)}>Copy</button>
    </div>
  </section>`}function as(a,n){return l.mayWrite(a)?i`<div class="page narrow first-key">
    <div>
      <h2>No key yet</h2>
      <p class="mute">Put the first one here with “New entry”, import a file, or use a client:</p>
    </div>
    ${As(a,n).map(ut)}
  </div>`:i`<div class="empty">
      <h2>No key yet</h2>
      <p>Your token may read this namespace, but not write to it. A key appears here as soon as another client has put one.</p>
      <div class="row"><a class="button" href=${f("live",a)}>Watch live</a></div>
    </div>`}var Ls=2e3,ft=15e3,Is=90,Os=2e4,F={width:132,height:46,row:66},vt={width:680,column:190},Be={indent:22,row:58,width:310},Ae=matchMedia("(max-width: 720px)"),xe=class extends w{constructor(){super(...arguments);this.forbidden=!1;this.reads=[];this.others=[];this.numbersAt=0}connectedCallback(){super.connectedCallback(),this.listen(l,"change",()=>this.requestUpdate()),this.every(Ls,()=>this.poll()),this.poll()}async poll(){await l.refresh();let e=l.overview?.requests;if(e){let t={...e,at:performance.now()},{earlier:s}=this,r=s?(t.at-s.at)/1e3:0;s&&r>=1&&(rs(this.reads,Math.max(0,t.reads-s.reads)/r),rs(this.others,Math.max(0,t.others-s.others)/r)),(!s||r>=1)&&(this.earlier=t)}(performance.now()-this.numbersAt>Os||!this.numbersAt)&&(this.numbersAt=performance.now(),this.numbers=await ie({since:"1h",by:"namespace"}).catch(()=>{}));try{this.status=await _e()}catch(t){this.forbidden=A(t,403)}this.requestUpdate()}render(){let{namespaces:e,overview:t}=l;return e?i`<div class="page">
      ${this.figures(t)}
      <div class="two">
        <section class="card" aria-labelledby="map-heading">
          <header><h2 id="map-heading">Where the data is</h2><span class="mute">${this.mapWords()}</span></header>
          <div class="body">${this.status?i`${_s(mt(this.status))}${this.status.edges?.length?u:Hs()}`:i`<p class="mute">${this.forbidden?"The map requires a token that may read everything.":"Loading"}</p>`}</div>
        </section>
        <section class="card" aria-labelledby="attention-heading">
          <header><h2 id="attention-heading">Needs attention</h2></header>
          <div class="body">${this.attention(t)}</div>
        </section>
      </div>
      ${this.table(e)}
    </div>`:L()}figures(e){if(!e)return u;let t=this.status?mt(this.status).slice(1):[],s=Math.max(...t.map(h=>h.status.propagation?.p99_millis??0),0),r=e.namespaces.reduce((h,x)=>h+(x.keys??0),0),o=e.namespaces.reduce((h,x)=>h+(x.bytes??0),0),p=e.namespaces.some(h=>h.keys===void 0);return i`<div class="figures">
      ${ke("Reads a second",this.reads.length?te(this.reads.at(-1)):"–",de(this.reads,0))}
      ${ke("Other requests a second",this.others.length?te(this.others.at(-1)):"–",de(this.others,1))}
      ${ke("Keys",p?`${m(r)} so far`:m(r),i`<span class="mute">${p?"counting":"exact"} · ${k(o)} stored</span>`)}
      ${t.length>0?ke("Visible everywhere, p99",j(s),i`<span class="mute">over ${t.length} ${t.length===1?"edge":"edges"}, last 5 min</span>`):e.disk?ke("Free on disk",k(e.disk.free_bytes),i`<span class="mute">of ${k(e.disk.total_bytes)}${e.disk.stored_bytes?` · ${k(e.disk.stored_bytes)} stored here`:""}</span>`):ke("Edges","0",i`<span class="mute">none follows this server</span>`)}
    </div>`}mapWords(){if(!this.status)return"";let e=mt(this.status).length-1;return`live · ${e===0?"no edge follows":`${e} ${e===1?"edge":"edges"}`}${Ps(this.status)}`}attention(e){let t=[...e?.attention??[]];for(let s of this.status?.damage??[])t.push({level:"wrong",subject:"damage",text:s});return this.status?.clock_doubt&&t.push({level:"soon",subject:"clock",text:this.status.clock_doubt}),t.length===0?i`<p class="mute">${e||this.status?"Nothing. All is well.":"This requires a token that may read everything."}</p>`:i`<ul class="attention">
      ${t.map(s=>i`<li><span class="pill ${s.level==="wrong"?"wrong":s.level==="soon"?"soon":""}">${s.subject}</span>
        <div>${s.text}${s.detail?i`<p>${s.detail}</p>`:u}</div></li>`)}
    </ul>`}table(e){if(e.length===0)return i`<section class="card empty"><h2>No namespace yet</h2><p>A namespace is a named set of keys.</p>
        ${l.mayAdminister?i`<div class="row"><button class="button main" @click=${$e}>New namespace</button></div>`:u}</section>`;let{numbers:t}=this;return i`<section class="card scroll-x" aria-label="Namespaces">
      <table class="head-first">
        <thead><tr><th scope="col">Namespace</th><th scope="col" class="right">Keys</th><th scope="col" class="right">Stored</th>${t?i`<th scope="col" colspan="2" class="optional">Operations a second, last hour</th><th scope="col" colspan="2" class="optional">Time to answer, p99</th>`:u}<th scope="col" class="right optional">Id</th></tr></thead>
        <tbody>
          ${e.map(s=>i`<tr>
              <td><a href=${f("browse",s.id)}>${s.title}</a></td>
              <td class="right">${s.keys!==void 0?m(s.keys):s.counting!==void 0?i`<span class="mute">counting, ${Math.floor(s.counting)} %</span>`:"–"}</td>
              <td class="right">${s.bytes===void 0?"–":k(s.bytes)}</td>
              ${t?Ds(t,s.id):u}
              <td class="right mute mono optional">${s.id}</td>
            </tr>`)}
        </tbody>
      </table>
    </section>`}};c([d()],xe.prototype,"status",2),c([d()],xe.prototype,"forbidden",2),xe=c([g("page-overview")],xe);function Ps({encryption:a,quorum:n}){let e=a?" · store encrypted":"";return n?`${e||" · store not encrypted"}, log ${n.log_encrypted?"encrypted":"not encrypted"}`:e}function Ds(a,n){let e=Ks(a,r=>r.namespace===n),t=a.totals.find(r=>r.namespace===n),s=(Date.parse(a.to)-Date.parse(a.from))/1e3;return i`<td class="right optional">${t?te(t.requests/s):"–"}</td>
    <td class="optional">${t?de(e.map(r=>r?.requests??0),0):u}</td>
    <td class="right optional">${t?j(t.millis.p99):"–"}</td>
    <td class="optional">${t?de(e.map(r=>r?.millis.p99??0),1):u}</td>`}function Ks(a,n){let e=new Map(a.points.filter(n).map(s=>[Date.parse(s.at),s])),t=[];for(let s=Date.parse(a.from);s<Date.parse(a.to);s+=a.step_seconds*1e3)t.push(e.get(s));return t}function rs(a,n){a.push(n),a.length>Is&&a.shift()}function ke(a,n,e){return i`<section class="card figure"><h2 class="mute">${a}</h2><p class="number">${n}</p>${e}</section>`}function mt(a){let n=[],e=0,t=Math.max(vt.column,(vt.width-F.width)/Math.max(1,ns(a))),s=(r,o,p,h)=>{let x=n.length;n.push(void 0);let N={status:r,silent:o,behind:Math.max(0,a.version-r.version),x:p*t,y:0,from:h};n[x]=N,Ae.matches&&Object.assign(N,{x:p*Be.indent,y:x*Be.row});let ve=(r.edges??[]).map(De=>s(De.status,De.told_millis_ago,p+1,N));return Ae.matches||(N.y=ve.length>0?(ve[0]+ve.at(-1))/2:e++*F.row),N.y};return s(a,0,0),n}function ns(a){return Math.max(0,...(a.edges??[]).map(n=>1+ns(n.status)))}function os({status:a,silent:n}){return n>ft||a.connected===!1?"wrong":a.age_millis===null||a.age_millis>5e3?"soon":""}function _s(a){let n=Math.max(...a.map(s=>s.x))+F.width,e=Math.max(...a.map(s=>s.y))+F.height,t=Ae.matches?Math.max(n,Be.width):Math.max(n,vt.width);return i`<svg class="map" width=${t+4} viewBox="-2 -12 ${t+4} ${e+24}" role="img" aria-label=${a.map(ls).join(". ")}>
    ${a.map(s=>s.from?Vs(s.from,s):u)} ${a.map(qs)}
  </svg>`}function ls({status:a,behind:n,silent:e}){let t=a.age_millis===null?"age unknown":`age ${J(a.age_millis)}`;return`${a.location}: ${a.role}, ${a.role==="origin"?`version ${m(a.version)}`:`${m(n)} behind, ${e>ft?`silent for ${J(e)}`:t}`}`}function qs(a){let{status:n,x:e,y:t,behind:s,silent:r}=a,p=!a.from?`${n.role} · v ${m(n.version)}`:r>ft?`silent for ${J(r)}`:`${m(s)} behind · ${n.age_millis===null?"age unknown":J(n.age_millis)}`;return S`<g class=${os(a)} transform="translate(${e} ${t})">
    <title>${ls(a)}${n.trouble?`. ${n.trouble}`:""}</title>
    <rect width=${F.width} height=${F.height} rx="7"></rect>
    <circle cx="15" cy="17" r="4"></circle>
    <text x="25" y="21">${Us(n.location)}</text>
    <text x="15" y="37" class="small">${p}</text>
  </g>`}function Hs(){return i`<p class="mute">An edge answers reads close to its users. Add one on another machine: <code class="wrap">selvedge serve --origin ${D()} --location fra</code></p>`}function Us(a){return a.length>14?`${a.slice(0,13)}…`:a}function Vs(a,n){let[e,t]=[a.x+F.width,a.y+F.height/2],[s,r]=[n.x,n.y+F.height/2],o=(s-e)/2,p=Ae.matches?`M${a.x+Be.indent/2} ${a.y+F.height} V${r} H${s}`:`M${e} ${t} C${e+o} ${t} ${s-o} ${r} ${s} ${r}`,[h,x]=Ae.matches?[s+F.width+30,r+4]:[(e+s)/2,(t+r)/2+4],N=n.status.propagation&&n.status.propagation.count>0?j(n.status.propagation.p50_millis):"";return S`<path class="wire ${os(n)}" d=${p}></path>
    <text class="small on-wire" text-anchor="middle" x=${h} y=${x}>${N}<title>${N?`half of the changes are visible at ${n.status.location} within this time`:""}</title></text>`}function Le(a){let n=a.target,e=document.querySelector(`[popovertarget="${n.id}"]`);if(a.newState==="open"&&e){let t=e.getBoundingClientRect();n.style.top=`${Math.min(t.bottom+4,innerHeight-n.offsetHeight-8)}px`,n.style.left=`${Math.max(8,Math.min(t.right-n.offsetWidth,innerWidth-n.offsetWidth-8))}px`}}var K=100,Ws=200,js=1e3,Ge=class extends EventTarget{constructor(e,t){super();this.namespace=e;this.prefix=t;this.total=0;this.at="";this.version=0;this.loaded=!1;this.pages=new Map;this.requests=new Map;this.wanted=[0,K];this.started=[];this.startComplete=!1;this.reading=!1;this.ended=!1;this.timer=0;this.read(0)}end(){this.ended=!0,clearTimeout(this.timer),this.requests.forEach(e=>e.abort())}row(e){return this.counting!==void 0?this.started[e]:this.pages.get(Math.floor(e/K))?.[e%K]}want(e,t){this.wanted=[e,t],clearTimeout(this.timer),this.timer=window.setTimeout(()=>this.fill(),this.row(e)&&this.row(Math.max(e,t-1))?0:40)}fill(){let[e,t]=this.wanted;if(this.counting!==void 0){t>=this.started.length&&!this.startComplete&&this.readStart();return}let s=new Set;for(let r=Math.floor(e/K);r<=Math.floor(Math.max(e,t-1)/K);r++)s.add(r);for(let[r,o]of this.requests)s.has(r)||o.abort();for(let r of s)!this.pages.has(r)&&!this.requests.has(r)&&r*K<this.total&&this.read(r)}refresh(){let[e,t]=this.wanted;for(let s of this.pages.keys())(s<Math.floor(e/K)||s>Math.floor(t/K))&&this.pages.delete(s);if(this.counting===void 0)for(let s=Math.floor(e/K);s<=Math.floor(Math.max(e,t-1)/K);s++)this.requests.has(s)||this.read(s)}async read(e){let t=new AbortController;this.requests.set(e,t);try{let s={position:e*K},r=await ge(this.namespace,this.prefix,s,K,t.signal);se(r)?this.counts(r.counting.percent):this.take(e,r)}catch(s){this.fail(s)}finally{this.requests.delete(e)}this.changed()}take(e,t){this.counting!==void 0&&(this.counting=void 0,queueMicrotask(()=>this.fill())),this.failure=void 0,this.loaded=!0,this.total=t.total??0,this.at=t.at,this.version=t.version,this.pages.delete(e),this.pages.set(e,t.rows),this.pages.size>Ws&&this.pages.delete(this.pages.keys().next().value)}counts(e){this.counting=e,this.started.length===0&&this.readStart(),window.setTimeout(()=>!this.ended&&void this.read(0),js)}async readStart(){if(!this.reading){this.reading=!0;try{let e=this.started.at(-1),t=await ge(this.namespace,this.prefix,{from:e?`${e.key}\0`:""},K);"rows"in t&&this.counting!==void 0&&(this.started.push(...t.rows),this.startComplete=t.complete,this.total=this.started.length,this.at=t.at,this.loaded=!0)}catch(e){this.fail(e)}finally{this.reading=!1}this.changed()}}fail(e){fe(e)||(this.failure=e)}changed(){this.ended||this.dispatchEvent(new Event("change"))}async positionOf(e){let t=await ge(this.namespace,this.prefix,{from:e},1);return"rows"in t?t.position:void 0}};var gt=8e6,cs=8,G=class extends w{constructor(){super(...arguments);this.total=0;this.rowHeight=30;this.item=()=>i``;this.first=0;this.last=0;this.shift=0;this.lastTop=0}connectedCallback(){super.connectedCallback(),this.listen(this,"scroll",()=>this.moved()),this.observer=new ResizeObserver(()=>this.measure()),this.observer.observe(this)}disconnectedCallback(){super.disconnectedCallback(),this.observer?.disconnect()}get listHeight(){return this.total*this.rowHeight}get spaceHeight(){return Math.min(this.listHeight,gt)}get top(){return this.scrollTop+this.shift}get position(){return Math.min(Math.ceil(this.top/this.rowHeight),Math.max(0,this.total-1))}get visibleRows(){return Math.max(1,Math.floor(this.clientHeight/this.rowHeight))}moved(){let e=Math.abs(this.scrollTop-this.lastTop);if(this.listHeight>gt){let t=this.spaceHeight-this.clientHeight;if(e>this.clientHeight||this.scrollTop<=0||this.scrollTop>=t){let s=Math.min(1,Math.max(0,this.scrollTop/t));this.shift=Math.round(s*(this.listHeight-this.spaceHeight))}}this.lastTop=this.scrollTop,this.measure()}showAt(e){if(this.isUpdatePending){this.updateComplete.then(()=>this.showAt(e));return}let t=Math.max(0,this.listHeight-this.clientHeight),s=Math.min(Math.max(0,e*this.rowHeight),t),r=t===0?0:s/t;this.shift=Math.round(r*(this.listHeight-this.spaceHeight)),this.lastTop=s-this.shift,this.scrollTop=this.lastTop,this.lastTop=this.scrollTop,this.measure()}reveal(e){let t=e*this.rowHeight;t<this.top?this.showAt(e):t+this.rowHeight>this.top+this.clientHeight&&this.showAt(e-this.visibleRows+1)}measure(){let e=Math.max(0,Math.floor(this.top/this.rowHeight)-cs),t=Math.min(this.total,Math.ceil((this.top+this.clientHeight)/this.rowHeight)+cs);this.first=e,this.last=Math.max(e,t),this.dispatchEvent(new CustomEvent("range",{detail:{first:this.first,last:this.last,position:this.position}}))}updated(e){(e.has("total")||e.has("rowHeight"))&&(this.listHeight<=gt&&(this.shift=0),this.measure())}render(){let e=[];for(let s=this.first;s<Math.min(this.last,this.total);s++)e.push(this.item(s));let t=this.first*this.rowHeight-this.shift;return i`<div class="space" role="presentation" .style=${`height:${this.spaceHeight}px`}>
      <div role="presentation" .style=${`top:${t}px`}>${e}</div>
    </div>`}};c([y({type:Number})],G.prototype,"total",2),c([y({type:Number})],G.prototype,"rowHeight",2),c([y({attribute:!1})],G.prototype,"item",2),c([d()],G.prototype,"first",2),c([d()],G.prototype,"last",2),c([d()],G.prototype,"shift",2),G=c([g("long-list")],G);var Fs=1e3,zs=15,Bs=1e3,U=class extends w{constructor(){super(...arguments);this.namespace="";this.delimiter=":";this.chosen="";this.branches=new Map;this.open=new Set([""]);this.active=0;this.at="";this.generation=0}willUpdate(e){e.has("namespace")||e.has("delimiter")?(this.branches=new Map,this.open=new Set([""]),this.generation++,this.active=0,this.reveal()):e.has("chosen")&&this.reveal()}async reveal(){await this.load("");for(let t=this.chosen.indexOf(this.delimiter);t>=0;t=this.chosen.indexOf(this.delimiter,t+1)){let s=this.chosen.slice(0,t+this.delimiter.length);s!==this.chosen&&(this.open.add(s),await this.load(s))}let e=this.nodes.findIndex(t=>t.group.prefix===this.chosen&&!t.more);e>=0&&(this.active=e),this.requestUpdate()}async refresh(){for(let e of this.open)this.branches.has(e)&&await this.load(e,!0)}async load(e,t=!1,s){let r=this.branches.get(e);if(r?.loading||r&&!t&&s===void 0)return;let{generation:o}=this,p=r??{groups:[],keys:0,loading:!0};p.loading=!0,p.failed=void 0,this.branches.set(e,p);try{let h=await this.request(e,s);o===this.generation&&(p.groups=s===void 0?h.children:[...p.groups,...h.children],p.keys=(s===void 0?0:p.keys)+h.keys,p.next=h.next,this.at=h.at)}catch(h){fe(h)||(p.failed=h.message)}p.loading=!1,this.requestUpdate()}async request(e,t){let{generation:s}=this;for(;;){let r=await Ze(this.namespace,e,{delimiter:this.delimiter},t);if(!se(r)&&r.children.length===0&&e&&r.count>=Bs&&(r=await Ze(this.namespace,e,{characters:1},t)),!se(r))return this.counting=void 0,r;if(this.counting=r.counting.percent,await new Promise(o=>setTimeout(o,Fs)),s!==this.generation||!this.isConnected)throw new DOMException("another tree is shown","AbortError")}}get nodes(){let e=[],t=(s,r)=>{let o=this.branches.get(s);for(let p of o?.groups??[])e.push({group:p,parent:s,level:r}),this.open.has(p.prefix)&&t(p.prefix,r+1);o?.next!==void 0&&e.push({group:{prefix:s,count:0,bytes:0},parent:s,level:r,more:!0})};return t("",1),e}activate(e){this.active=e,this.querySelector("long-list")?.reveal(e)}choose(e){e.more?this.load(e.parent,!1,this.branches.get(e.parent).next):this.dispatchEvent(new CustomEvent("choose",{detail:e.group.prefix}))}toggle(e,t=!this.open.has(e.group.prefix)){e.more||(t?(this.open.add(e.group.prefix),this.load(e.group.prefix)):this.open.delete(e.group.prefix),this.requestUpdate())}key(e){let{nodes:t}=this,s=t[this.active];if(!s)return;let r=this.open.has(s.group.prefix)&&!s.more;switch(e.key){case"ArrowDown":this.activate(Math.min(t.length-1,this.active+1));break;case"ArrowUp":this.activate(Math.max(0,this.active-1));break;case"Home":this.activate(0);break;case"End":this.activate(t.length-1);break;case"ArrowRight":r?this.activate(Math.min(t.length-1,this.active+1)):this.toggle(s,!0);break;case"ArrowLeft":if(r)this.toggle(s,!1);else{let o=t.findIndex(p=>p.group.prefix===s.parent&&!p.more);this.activate(Math.max(0,o))}break;case"Enter":case" ":this.choose(s);break;default:return}e.preventDefault()}row(e,t){let{group:s,parent:r,level:o,more:p}=e,h=this.open.has(s.prefix)&&!p;return i`<div
      class="node"
      id="node-${t}"
      role="treeitem"
      aria-level=${o}
      aria-expanded=${p?u:h?"true":"false"}
      aria-selected=${!p&&s.prefix===this.chosen?"true":"false"}
      .style=${`padding-left:${8+(o-1)*zs}px`}
      title=${p?"":b(s.prefix)}
      @click=${x=>{this.active=t,x.target.closest(".arrow")?this.toggle(e):(!p&&(!h||s.prefix===this.chosen)&&this.toggle(e),this.choose(e))}}
    >
      ${p?i`<span class="arrow"></span><span class="mute">more groups</span>`:i`${E.arrow}<span class="clip">${b(s.prefix.slice(r.length))}</span><span class="count">${m(s.count)}</span>`}
    </div>`}get state(){return this.counting!==void 0?`counting, ${Math.floor(this.counting)} %`:this.at?"exact":""}updated(){this.dispatchEvent(new CustomEvent("state",{detail:{text:this.state,title:this.at?`as of ${P(this.at)}`:""}}))}render(){let{nodes:e}=this,t=this.branches.get("");return e.length===0?i`<div class="empty">
        ${t?.failed?i`<p role="alert">${t.failed}</p>`:t?.loading?i`<p role="status">${this.counting===void 0?"Loading":`Counting, ${Math.floor(this.counting)} %`}</p>`:i`<p>No key contains “${this.delimiter}”.</p>`}
      </div>`:i`<long-list
      role="tree"
      class="nodes"
      aria-label="Keys by prefix"
      tabindex="0"
      aria-activedescendant=${`node-${this.active}`}
      .total=${e.length}
      .rowHeight=${matchMedia("(max-width: 720px)").matches?40:28}
      .item=${s=>e[s]?this.row(e[s],s):i``}
      @keydown=${this.key}
    ></long-list>`}};c([y()],U.prototype,"namespace",2),c([y()],U.prototype,"delimiter",2),c([y()],U.prototype,"chosen",2),c([d()],U.prototype,"branches",2),c([d()],U.prototype,"open",2),c([d()],U.prototype,"active",2),c([d()],U.prototype,"counting",2),c([d()],U.prototype,"at",2),U=c([g("key-tree")],U);function yt(a,n){let e=0;for(;e<a.length&&e<n.length&&a[e]===n[e];)e++;let t=0;for(;t<a.length-e&&t<n.length-e&&a[a.length-1-t]===n[n.length-1-t];)t++;let s=r=>({kind:"same",text:r});return[...a.slice(0,e).map(s),...Gs(a.slice(e,a.length-t),n.slice(e,n.length-t)),...a.slice(a.length-t).map(s)]}function Gs(a,n){let e=()=>[...a.map(h=>({kind:"gone",text:h})),...n.map(h=>({kind:"add",text:h}))];if(a.length===0||n.length===0||a.length*n.length>4e6)return e();let t=n.length+1,s=new Uint32Array((a.length+1)*t);for(let h=a.length-1;h>=0;h--)for(let x=n.length-1;x>=0;x--)s[h*t+x]=a[h]===n[x]?s[(h+1)*t+x+1]+1:Math.max(s[(h+1)*t+x],s[h*t+x+1]);let r=[],o=0,p=0;for(;o<a.length&&p<n.length;)a[o]===n[p]?(r.push({kind:"same",text:a[o]}),o++,p++):s[(o+1)*t+p]>=s[o*t+p+1]?r.push({kind:"gone",text:a[o++]}):r.push({kind:"add",text:n[p++]});return[...r,...a.slice(o).map(h=>({kind:"gone",text:h})),...n.slice(p).map(h=>({kind:"add",text:h}))]}function ps(a,n){let e=[],t=0,s;for(let r of yt(a,n)){if(r.kind==="same"){t++,s=void 0;continue}s||(s={start:t,end:t,lines:[]},e.push(s)),r.kind==="gone"?s.end=++t:s.lines.push(r.text)}return e}function hs(a,n,e){let t=a.split(`
`),s=[...ps(t,n.split(`
`)),...ps(t,e.split(`
`))].sort((h,x)=>h.start-x.start),r=[],o=0,p;for(let h of s){if(p&&h.start<=p.end){if(h.start===p.start&&h.end===p.end&&h.lines.join(`
`)===p.lines.join(`
`))continue;return}r.push(...t.slice(o,h.start),...h.lines),o=h.end,p=h}return[...r,...t.slice(o)].join(`
`)}function ms(a,n,e){let t=ds("the value",a.text,n.text,e.text),s=ds("metadata",a.metadata,n.metadata,e.metadata),r=vs("expiry",a.expires,n.expires,e.expires);return{draft:{text:t.mine,metadata:s.mine,expires:r.mine},withTheirs:{text:t.theirs,metadata:s.theirs,expires:r.theirs},clashes:[...t.clashes,...s.clashes,...r.clashes],theirs:us(a,e),mine:us(a,n)}}function vs(a,n,e,t){return e===t||n===t?{mine:e,theirs:e,clashes:[]}:n===e?{mine:t,theirs:t,clashes:[]}:{mine:e,theirs:t,clashes:[a]}}function ds(a,n,e,t){let s=vs(a,n,e,t);if(s.clashes.length===0)return s;let[r,o,p]=[ye(n),ye(e),ye(t)];if(r&&o&&p){let x=at(r)===n?at:jt,N=rt(r,o,p,"mine"),ve=rt(r,o,p,"theirs");return{mine:N.tree?x(N.tree):"",theirs:ve.tree?x(ve.tree):"",clashes:N.conflicts.map(De=>De.path||a)}}let h=hs(n,e,t);return h===void 0?s:{mine:h,theirs:h,clashes:[]}}function us(a,n){let e=[];if(a.text!==n.text){let[t,s]=[ye(a.text),ye(n.text)];e.push(...t&&s?Ft(t,s):["changed the value"])}return a.metadata!==n.metadata&&e.push("changed the metadata"),a.expires!==n.expires&&e.push("changed the expiry"),e}var fs=3,Ys={same:" ",gone:"−",add:"+"},Js={same:"",gone:"removed: ",add:"added: "};function Ye(a,n){let e=yt(a.split(`
`),n.split(`
`)),t=new Set;if(e.forEach((o,p)=>{if(o.kind!=="same")for(let h=p-fs;h<=p+fs;h++)t.add(h)}),t.size===0)return i`<p class="mute">Both are equal.</p>`;let s=[],r=0;return e.forEach((o,p)=>{if(!t.has(p)){r++;return}r>0&&(s.push(i`<div class="mute">… ${R(r,"equal line")}</div>`),r=0),s.push(i`<div class=${o.kind}><span aria-hidden="true">${Ys[o.kind]} </span><span class="unseen">${Js[o.kind]}</span>${b(o.text)}</div>`)}),r>0&&s.push(i`<div class="mute">… ${R(r,"equal line")}</div>`),i`<div class="diff" tabindex="0" role="region" aria-label="Differences">${s}</div>`}var Z=class extends w{constructor(){super(...arguments);this.text="";this.language="text";this.label="Value";this.readOnly=!1}connectedCallback(){super.connectedCallback(),import("./codemirror-J5JI2GMI.js").then(({createEditor:e})=>{if(this.isConnected&&!this.editor){let t=this.querySelector("textarea"),s=this.contains(document.activeElement),r=document.createElement("div"),o=r.attachShadow({mode:"open"});this.editor=e(o,{text:this.text,language:this.language,label:this.label,readOnly:this.readOnly,edited:p=>this.edited(p)}),this.replaceChildren(),this.append(r),s&&(this.editor.select(t?.selectionStart??0,t?.selectionEnd??0),this.editor.focus())}})}disconnectedCallback(){super.disconnectedCallback(),this.editor?.destroy(),this.editor=void 0}edited(e){this.text=e,this.dispatchEvent(new CustomEvent("edit",{detail:e,bubbles:!0}))}focus(){this.editor?this.editor.focus():this.querySelector("textarea")?.focus()}shouldUpdate(e){return this.editor?(e.has("text")&&this.editor.setText(this.text),(e.has("language")||e.has("readOnly"))&&this.editor.configure(this.language,this.readOnly),!1):!0}render(){return i`<textarea
      class="plain-editor mono"
      spellcheck="false"
      aria-label=${this.label}
      rows="12"
      ?readonly=${this.readOnly}
      .value=${this.text}
      @input=${e=>this.edited(e.target.value)}
    ></textarea>`}};c([y()],Z.prototype,"text",2),c([y()],Z.prototype,"language",2),c([y()],Z.prototype,"label",2),c([y({type:Boolean})],Z.prototype,"readOnly",2),c([d()],Z.prototype,"editor",2),Z=c([g("code-editor")],Z);var Xs=3e3,bt=4096,Qs=5e6,Zs={json:"JSON",text:"Text",hex:"Hex",image:"Image"},ue=new Map;addEventListener("beforeunload",a=>{ue.size>0&&a.preventDefault()});var _=class extends w{constructor(){super(...arguments);this.trouble="";this.busy=!1;this.hexShown=bt;this.newKey="";this.comparing=!1;this.imageAddress="";this.watchedAt=0}connectedCallback(){super.connectedCallback(),this.every(Xs,()=>this.watch()),this.listen(window,"keydown",e=>this.key(e)),this.listen(this,"leave",()=>this.leave()),this.listen(this,"edit-value",()=>this.edit())}disconnectedCallback(){super.disconnectedCallback(),URL.revokeObjectURL(this.imageAddress)}get isNew(){return this.place.parameters.new!==void 0}get openKey(){return this.isNew?this.newKey:this.place.parameters.key??""}get draftId(){return`${this.place.namespace}/${this.isNew?"":this.openKey}`}willUpdate(e){let t=e.get("place");if(!e.has("place"))return;t&&t.namespace===this.place.namespace&&t.parameters.key===this.place.parameters.key&&t.parameters.new===this.place.parameters.new||(this.entry=void 0,this.failure=void 0,this.clash=void 0,this.trouble="",this.hexShown=bt,this.unsaved=ue.get(this.draftId),this.isNew?(this.newKey=this.place.parameters.prefix??"",this.entry=gs,this.updateComplete.then(()=>this.querySelector("[name=key]")?.focus())):this.load())}async load(e=!1){let{draftId:t}=this;try{let s=await qe(this.place.namespace,this.openKey,e);if(t!==this.draftId)return;this.entry=s??"missing",this.failure=void 0,this.unsaved&&s&&s.version!==this.unsaved.base.version&&await this.compare(s)}catch(s){t===this.draftId&&(this.failure=s)}}async watch(){let{entry:e,draftId:t}=this;if(this.isNew||this.busy||this.clash||!e||String(l.version)==="0")return;let s=e==="missing"?"0":e.version;if(l.version<=this.watchedAt)return;this.watchedAt=l.version;let r=await He(this.place.namespace,this.openKey).catch(()=>{});r===void 0||t!==this.draftId||this.busy||r===s||await this.load(e!=="missing"&&e.complete&&e.size>tt)}get text(){let{entry:e}=this;return e&&e!=="missing"?ce(e.value,e.complete):void 0}get views(){let{entry:e,unsaved:t}=this;return!e||e==="missing"?[]:t?.file?["hex"]:this.isNew?["text","json"]:zt(e.value,e.complete)}get view(){let{views:e}=this,t=this.place.parameters.view;return t&&e.includes(t)?t:e[0]??"text"}get mayWrite(){return l.mayWrite(this.place.namespace)}get dirty(){let{unsaved:e}=this;return e!==void 0}change(e){let{entry:t}=this;!t||t==="missing"||(this.unsaved={...this.unsaved??{base:t},...e},ue.set(this.draftId,this.unsaved),this.trouble="",this.requestUpdate())}forget(){ue.delete(this.draftId),this.unsaved=void 0,this.clash=void 0,this.trouble="",this.requestUpdate()}key(e){if((e.metaKey||e.ctrlKey)&&e.key.toLowerCase()==="s"){e.preventDefault(),this.save();return}let t=e.composedPath()[0];e.key==="e"&&!e.metaKey&&!e.ctrlKey&&!t.isContentEditable&&!/^(INPUT|TEXTAREA|SELECT)$/.test(t.tagName)&&!document.querySelector("dialog[open]")&&(e.preventDefault(),this.edit())}edit(){this.querySelector("code-editor")?.focus()}leave(){v($({key:void 0,new:void 0,view:void 0}))}baseText(e){return ce(e.value,e.complete)??""}draftOf(e){let{base:t}=e,s=this.baseText(t),r=e.text===void 0?s:ot(e.text,s);if(e.text!==void 0&&this.view==="json"&&e.text.trim()!==""){let h=Ve(e.text);if(h)return`Not saved: the value is not JSON. ${h}. Your text is kept; the view “Text” saves it as it is.`}let o=e.metadata??t.metadata;if(e.metadata&&Ve(e.metadata))return`Not saved: the metadata is not JSON. ${Ve(e.metadata)}.`;let p=e.expires===void 0?t.expires:Gt(e.expires,Date.now());return p===void 0?`Not saved: “${e.expires}” is no expiry. Write ${lt}.`:{text:r,metadata:o,expires:p}}async save(){let{unsaved:e}=this;if(this.busy||!this.mayWrite||!e&&!this.isNew)return;let t=this.draftOf(e??{base:gs});if(typeof t=="string"){this.trouble=t;return}this.busy=!0,this.trouble="";try{this.isNew?await this.create(t,e?.file):await this.saveOver(e,t)}catch(s){A(s,412)&&!this.isNew?await this.compare(await qe(this.place.namespace,this.openKey,!0)):this.trouble=this.why(s)}this.busy=!1}why(e){return A(e,412)?"Not saved: there is an entry with this key already. Your text is kept.":e instanceof oe&&e.code==="unreachable"?"Not saved yet: the server does not answer. Your text is kept; save again when the server is back.":`Not saved: ${e.message} Your text is kept.`}async create(e,t){let s=this.newKey;await Ee(this.place.namespace,s,{value:t??We(e.text),metadata:e.metadata,expires:e.expires,condition:{"If-None-Match":"*"}}),this.forget(),M("Created."),this.dispatchEvent(new CustomEvent("saved")),v($({new:void 0,key:s}))}async saveOver(e,t){let{base:s}=e,r={};if(e.file?r.value=e.file:e.text!==void 0&&t.text!==this.baseText(s)&&(r.value=We(t.text)),t.metadata!==s.metadata&&(r.metadata=t.metadata),t.expires!==s.expires&&(r.expires=t.expires),Object.keys(r).length===0){this.forget(),M("Nothing was changed.");return}let o=await Lt(this.place.namespace,this.openKey,r,s);this.forget(),M(`Saved as version ${m(Number(o))}.`),await this.load(s.complete&&s.size>tt),this.dispatchEvent(new CustomEvent("saved"))}async compare(e){let{unsaved:t}=this;if(!t)return;let s=e&&!e.complete&&t.base.complete?await qe(this.place.namespace,this.openKey,!0):e,r=this.draftOf(t),o=s&&ce(s.value,s.complete);if(!s||typeof r=="string"||t.file||o===void 0){this.clash={theirs:s};return}let p={text:this.baseText(t.base),metadata:t.base.metadata,expires:t.base.expires},h=ms(p,r,{text:o,metadata:s.metadata,expires:s.expires});this.clash={theirs:s,merged:h}}async saveMerged(e){let t=this.clash.theirs;this.entry=t,this.unsaved={base:t,text:this.view==="json"?X(e.text):e.text,metadata:e.metadata,expires:e.expires===t.expires?void 0:e.expires===0?"never":new Date(e.expires).toISOString()},ue.set(this.draftId,this.unsaved),this.clash=void 0,this.comparing=!1,await this.save()}takeTheirs(){let e=this.clash?.theirs;this.forget(),this.comparing=!1,this.entry=e??"missing"}async saveMine(){let{clash:e,unsaved:t}=this;e?.theirs&&t&&(this.unsaved={...t,base:{...t.base,version:e.theirs.version}},ue.set(this.draftId,this.unsaved)),this.clash=void 0,this.comparing=!1,await this.save()}async recreate(){let e=this.unsaved&&this.draftOf(this.unsaved);if(e&&typeof e!="string"){this.busy=!0;try{await Ee(this.place.namespace,this.openKey,{value:this.unsaved.file??We(e.text),metadata:e.metadata,expires:e.expires,condition:{"If-None-Match":"*"}}),this.forget(),await this.load(),this.dispatchEvent(new CustomEvent("saved"))}catch(t){this.trouble=this.why(t)}this.busy=!1}}async chooseFile(e){let t=e.target,s=t.files?.[0];s&&this.change({file:new Uint8Array(await s.arrayBuffer()),text:void 0}),t.value=""}render(){let{entry:e}=this;return i`<div class="bar">
        ${this.isNew?i`<h2 class="grow">New entry</h2>`:i`<h2 class="grow clip mono" title=${b(this.openKey)}>${b(this.openKey)}</h2>`}
        ${this.views.length>1?i`<div class="choice" role="group" aria-label="View">
              ${this.views.map(t=>i`<button aria-pressed=${t===this.view?"true":"false"} @click=${()=>this.show(t)}>${Zs[t]}</button>`)}
            </div>`:u}
        <button class="button icon plain" aria-label="Close the entry" title="Close (Esc)" @click=${this.leave}>${E.close}</button>
      </div>
      ${this.failure?I(this.failure,()=>this.load()):e?e==="missing"?this.missing():this.content(e):L(4)}`}show(e){let{unsaved:t}=this;t?.text!==void 0&&(this.unsaved={...t,text:e==="json"?X(t.text):ot(t.text,this.baseText(t.base))},ue.set(this.draftId,this.unsaved)),v($({view:e}),!0)}missing(){return i`<div class="empty">
      <h2>There is no entry with this key</h2>
      <p>It was deleted, has expired, or never existed.</p>
      <div class="row">
        <a class="button" href=${f("history",this.place.namespace,{key:this.openKey})}>History</a>
        ${this.dirty&&this.mayWrite?i`<button class="button main" @click=${this.recreate}>Write my edit as a new entry</button>`:u}
      </div>
      ${this.trouble?i`<p class="note wrong" role="alert">${this.trouble}</p>`:u}
    </div>`}content(e){let{unsaved:t}=this,s=Date.now(),r=this.mayWrite&&e.complete;return i`<div class="content">
      ${this.isNew?i`<label class="stack"><span class="label">Key</span>
            <input class="field mono" name="key" spellcheck="false" autocomplete="off" .value=${this.newKey} @input=${o=>this.newKey=o.target.value} /></label>`:u}
      <div class="value">${this.valueView(e,r)}</div>
      ${e.complete||this.isNew?u:this.large(e)}
      <label class="stack"><span class="label">Metadata</span>
        <input class="field mono" name="metadata" spellcheck="false" autocomplete="off" placeholder="none" ?readonly=${!this.mayWrite}
          .value=${t?.metadata??e.metadata}
          @input=${o=>this.change({metadata:o.target.value})} />
      </label>
      <div class=${this.isNew?"":"pair"}>
        <label class="stack"><span class="label">Expires</span>
          <input class="field mono" name="expires" spellcheck="false" autocomplete="off" ?readonly=${!this.mayWrite}
            title=${e.expires?C(e.expires):lt}
            .value=${t?.expires??Yt(e.expires,s)}
            @focus=${o=>o.target.select()}
            @input=${o=>this.change({expires:o.target.value})} />
        </label>
        ${this.isNew?u:i`<label class="stack"><span class="label">Version</span>
              <input class="field mono" readonly .value=${`${m(Number(e.version))} · ${k(e.size)}`} title=${`${R(e.size,"byte")}, read as of version ${m(Number(e.asOf))}`} />
            </label>`}
      </div>
      ${this.buttons(e)} ${this.clash?this.clashNote(this.clash):u}
      ${this.trouble?i`<p class="note wrong" role="alert">${this.trouble}</p>`:u}
      ${t?.file?i`<p class="note">The value will be replaced by a file of ${k(t.file.length)}.</p>`:u}
      ${this.comparing&&this.clash?.theirs?this.comparison(this.clash):u}
    </div>`}valueView(e,t){let{unsaved:s,view:r}=this;if(r==="image")return i`<img alt="The value, as an image of ${k(e.size)}" src=${this.imageSource(e)} />`;if(r==="hex")return this.hex(s?.file??e.value);let o=this.text??"",p=s?.text??(r==="json"?X(o):o);return i`<code-editor
      label=${`Value of ${b(this.openKey)||"the new entry"}`}
      .text=${p}
      .language=${r==="json"?"json":"text"}
      .readOnly=${!t}
      @edit=${h=>this.change({text:h.detail})}
    ></code-editor>`}hex(e){return i`<div class="hex mono" tabindex="0" role="region" aria-label="Bytes of the value">
        ${Bt(e,this.hexShown).map(t=>i`<span>${t.offset}</span><span>${t.bytes}</span><span>${t.text}</span>`)}
      </div>
      ${e.length>this.hexShown?i`<p class="empty"><button class="button" @click=${()=>this.hexShown+=bt*4}>Show more</button></p>`:u}`}imageSource(e){return this.imageOf!==e.value&&(URL.revokeObjectURL(this.imageAddress),this.imageAddress=URL.createObjectURL(new Blob([e.value],{type:nt(e.value)})),this.imageOf=e.value),this.imageAddress}large(e){return i`<div class="note">
      These are the first ${k(e.value.length)} of ${k(e.size)}.
      <div class="row">
        ${e.size<=Qs||nt(e.value)?i`<button class="button" @click=${()=>this.load(!0)}>Load everything</button>`:u}
        <a class="button" href=${it(this.place.namespace,this.openKey)} download=${this.fileName}>Download</a>
      </div>
    </div>`}get fileName(){return this.openKey.split(/[/:]/).pop()||"value"}buttons(e){let{namespace:t}=this.place,s=ss(t,l.title(t),this.openKey);return this.isNew?i`<div class="row">
        <button class="button main" ?disabled=${this.busy||this.newKey===""} @click=${this.save}>Create</button>
        <button class="button" @click=${()=>this.querySelector("[data-file]")?.click()}>Value from a file…</button>
        <input hidden data-file type="file" @change=${this.chooseFile} />
      </div>`:i`<div class="row wrap">
      ${this.mayWrite?i`<button class="button main" ?disabled=${this.busy||!this.dirty} aria-keyshortcuts="Control+S Meta+S" @click=${this.save}>Save</button>`:u}
      ${this.dirty&&!this.clash?i`<button class="button" @click=${this.discard}>Discard</button>`:u}
      <a class="button" href=${f("history",t,{key:this.openKey})}>History</a>
      <button class="button" popovertarget="entry-menu" aria-haspopup="true">Copy as…</button>
      <div id="entry-menu" popover @toggle=${Le} @click=${r=>r.currentTarget.hidePopover()}>
        ${s.map(r=>i`<button @click=${()=>Y(r.text,`the line for ${r.name}`)}>${r.name}</button>`)}
        <button @click=${()=>Y(this.openKey,"the key")}>Key</button>
        ${this.text!==void 0&&e.complete?i`<button @click=${()=>Y(this.text,"the value")}>Value</button>`:u}
        <button @click=${()=>Y(location.href,"the link")}>Link to this entry</button>
      </div>
      <button class="button icon" popovertarget="value-menu" aria-label="More for this value" aria-haspopup="true">${E.more}</button>
      <div id="value-menu" popover @toggle=${Le} @click=${r=>r.currentTarget.hidePopover()}>
        <button @click=${()=>this.querySelector("[data-download]")?.click()}>Download the value</button>
        ${this.mayWrite?i`<button @click=${()=>this.querySelector("[data-file]")?.click()}>Replace it by a file…</button>`:u}
      </div>
      <a hidden data-download href=${it(t,this.openKey)} download=${this.fileName}></a>
      <input hidden data-file type="file" @change=${this.chooseFile} />
      <span class="grow"></span>
      ${this.mayWrite?i`<button class="button danger" @click=${()=>this.dispatchEvent(new CustomEvent("remove"))}>Delete</button>`:u}
    </div>`}async discard(){await new ae({heading:"Discard your changes?",text:"The entry stays as it is stored.",action:"Discard",danger:!0}).open()&&(this.forget(),await this.load())}clashNote({theirs:e,merged:t}){if(!e)return i`<div class="note soon" role="alert"><strong>Deleted elsewhere while you edited.</strong> Your text is kept.
        <div class="row">
          <button class="button" @click=${this.recreate}>Write my edit as a new entry</button>
          <button class="button" @click=${this.takeTheirs}>Discard my edit</button>
        </div></div>`;let s=m(Number(e.version));if(!t)return i`<div class="note soon" role="alert"><strong>Changed elsewhere while you edited.</strong> Version ${s} came first. Nothing is saved; your edit is kept.
        <div class="row">
          <button class="button" @click=${this.saveMine}>Save mine over it</button>
          <button class="button" @click=${this.takeTheirs}>Take theirs</button>
        </div></div>`;let r=t.clashes.length>0;return i`<div class="note soon" role="alert">
      <strong>Changed elsewhere while you edited.</strong>
      Version ${s} ${t.theirs.join(", ")||"wrote the same"}.
      ${r?i`You both changed ${t.clashes.join(", ")}.`:i`Your change (${t.mine.join(", ")}) does not touch it.`}
      <div class="row wrap">
        ${r?i`<button class="button" @click=${()=>this.saveMerged(t.draft)}>Merge, mine for ${t.clashes.join(", ")}</button>
              <button class="button" @click=${()=>this.saveMerged(t.withTheirs)}>Merge, theirs for ${t.clashes.join(", ")}</button>`:i`<button class="button" @click=${()=>this.saveMerged(t.draft)}>Merge both</button>`}
        <button class="button" aria-expanded=${this.comparing?"true":"false"} @click=${()=>this.comparing=!this.comparing}>Compare</button>
        <button class="button" @click=${this.takeTheirs}>Take theirs</button>
      </div>
    </div>`}comparison({theirs:e,merged:t}){let s=this.unsaved?.text??"",r=ce(e.value,e.complete)??"";return i`<section class="stack" aria-label="Comparison">
      <p class="mute">From theirs to yours${t?i`, before merging`:""}:</p>
      ${Ye(X(r),X(s||this.baseText(this.unsaved.base)))}
    </section>`}};c([y({attribute:!1})],_.prototype,"place",2),c([d()],_.prototype,"entry",2),c([d()],_.prototype,"failure",2),c([d()],_.prototype,"trouble",2),c([d()],_.prototype,"busy",2),c([d()],_.prototype,"clash",2),c([d()],_.prototype,"hexShown",2),c([d()],_.prototype,"newKey",2),c([d()],_.prototype,"comparing",2),_=c([g("entry-panel")],_);var gs={version:"0",size:0,value:new Uint8Array(0),complete:!0,metadata:"",expires:0,asOf:"0",age:"0"};var $t=[":","/"],ei=200,ti=3e3,si=300,ii=6e4,ys=1e4,z=class extends w{constructor(){super(...arguments);this.active=0;this.position=0;this.picked=new Map;this.treeState={text:"",title:""};this.treeOnPhone=!1;this.filterTimer=0}connectedCallback(){super.connectedCallback(),this.every(ti,()=>this.refreshIfChanged()),this.every(1e4,()=>this.requestUpdate()),this.listen(window,"keydown",e=>this.pageKey(e))}disconnectedCallback(){super.disconnectedCallback(),this.source?.end(),this.source=void 0}get keyPrefix(){return this.place.parameters.prefix??""}get openKey(){return this.place.parameters.key}get delimiter(){return this.place.parameters.split??":"}willUpdate(e){let t=e.has("place")?e.get("place"):this.place;if(t?.namespace!==this.place.namespace||t.parameters.prefix!==this.place.parameters.prefix||!this.source){this.source?.end();let s=new Ge(this.place.namespace,this.keyPrefix);s.addEventListener("change",()=>{this.requestUpdate(),this.querySelector(".list long-list")?.requestUpdate()}),this.source=s,this.active=0,this.picked=new Map,this.openKey&&this.revealKey(this.openKey)}else this.openKey&&t.parameters.key!==this.openKey&&this.revealKey(this.openKey);this.classList.toggle("with-entry",this.openKey!==void 0||this.place.parameters.new!==void 0),this.classList.toggle("show-tree",this.treeOnPhone),this.place.parameters.import&&this.import()}async revealKey(e){let{source:t}=this;if(!(!t||t.row(this.active)?.key===e||!e.startsWith(this.keyPrefix)))try{let s=await t.positionOf(e);if(t!==this.source||e!==this.openKey)return;s===void 0||!this.list||this.list.total<=s?setTimeout(()=>this.isConnected&&this.revealKey(e),si):(this.active=s,this.list.reveal(s))}catch{}}get list(){return this.querySelector(".list long-list")}refreshIfChanged(){this.source&&(this.source.version<l.version||this.source.failure)&&this.refresh()}refresh(){this.source?.refresh(),this.querySelector("key-tree")?.refresh()}filter(e){let t=e.target.value;clearTimeout(this.filterTimer),this.filterTimer=window.setTimeout(()=>v($({prefix:t,key:void 0}),!0),ei)}openRow(e){let t=this.source?.row(e);this.active=e,t&&v($({key:t.key,new:void 0,view:void 0}))}pageKey(e){e.key==="Escape"&&this.openKey!==void 0&&!document.querySelector("dialog[open]")&&(e.composedPath()[0].closest?.(".cm-panel")||(this.querySelector("[role=grid]")?.focus(),this.querySelector("entry-panel")?.dispatchEvent(new Event("leave"))))}gridKey(e){let t=this.source?.total??0,s=this.list?.visibleRows??10,r={ArrowDown:this.active+1,ArrowUp:this.active-1,PageDown:this.active+s,PageUp:this.active-s,Home:0,End:t-1},o=this.source?.row(this.active);if(e.key in r)this.active=Math.max(0,Math.min(t-1,r[e.key])),this.list?.reveal(this.active);else if(e.key==="Enter")this.openRow(this.active);else if(e.key===" "&&o)this.pick(o);else if(e.key==="e"&&o)this.openRow(this.active),this.updateComplete.then(()=>this.querySelector("entry-panel")?.dispatchEvent(new Event("edit-value")));else if(e.key==="Delete"&&o&&this.mayWrite)this.deleteKeys([o.key]);else return;e.preventDefault()}pick(e){let t=new Map(this.picked);t.delete(e.key)||t.set(e.key,e),this.picked=t}get mayWrite(){return l.mayWrite(this.place.namespace)}async deleteKeys(e){let{namespace:t}=this.place,s=async()=>{for(let o=0;o<e.length;o+=ys)await Ot(l.account,t,e.slice(o,o+ys))};(e.length===1?await new ae({heading:"Delete this key?",text:i`<code>${b(e[0])}</code> with its value and metadata.`,action:"Delete",danger:!0},s).open():await new Ue({heading:`Delete ${m(e.length)} selected keys`,what:`From ${l.title(t)}, with their values and metadata.`,action:`Delete ${R(e.length,"key")}`,number:e.length},s).open())&&(M(`Deleted ${R(e.length,"key")}.`),this.picked=new Map,this.openKey!==void 0&&e.includes(this.openKey)&&v($({key:void 0}),!0),this.refresh(),l.refresh())}async deletePrefix(){let{namespace:e}=this.place,t=await this.exactCount();if(t===void 0)return;let s=this.keyPrefix?i`under <code>${b(this.keyPrefix)}</code>`:i`of <b>${l.title(e)}</b>`;await new Ue({heading:this.keyPrefix?`Delete ${R(t,"key")} under ${b(this.keyPrefix)}`:`Delete all ${R(t,"key")}`,what:i`All keys ${s}, in one step: either all are deleted or none. The history keeps their values as long as the feed does.`,action:`Delete ${R(t,"key")}`,number:t},()=>It(e,this.keyPrefix)).open()&&(M(`Deleted ${R(t,"key")}.`),v($({key:void 0,prefix:void 0})),this.refresh(),l.refresh())}async exactCount(){try{let e=await et(this.place.namespace,this.keyPrefix);if(!se(e))return e.count;M(`Counting, ${Math.floor(e.counting.percent)} %. Try again when the count is exact.`)}catch(e){M(e.message)}}async import(){v($({import:void 0}),!0);let{ImportDialog:e}=await import("./import-dialog-K6GSTROG.js");await new e(this.place.namespace).open(),this.refresh(),l.refresh()}async export(){let{ExportDialog:e}=await import("./export-dialog-AK6XSK6C.js");await new e(this.place.namespace,this.keyPrefix,[...this.picked.keys()]).open()}async many(e){let t=[...this.picked.values()],s=t.length||await this.exactCount();if(s!==void 0){let{ManyDialog:r}=await import("./many-dialog-JLZXLUPY.js");await new r(this.place.namespace,this.keyPrefix,e,s,t).open(),this.picked=new Map,this.refresh(),l.refresh()}}async rename(){let{namespace:e}=this.place;await new Re({heading:"Rename the namespace",label:"Title",action:"Rename",text:l.title(e),hint:"Clients that use the id notice nothing."},t=>Nt(l.account,e,t)).open(),await l.refresh()}async deleteNamespace(){let{namespace:e}=this.place,t=await et(e,"").catch(()=>{});if(!t||se(t)){M("The keys are still being counted. Try again when the count is exact.");return}await new Ue({heading:`Delete the namespace ${l.title(e)}`,what:`With ${R(t.count,"key")}. This cannot be undone.`,action:"Delete the namespace",number:t.count},()=>At(l.account,e)).open()&&(await l.refresh(),v(f("overview")))}render(){let{namespace:e}=this.place;return i`<section class="tree" aria-label="Prefixes">
        <div class="bar">
          <span class="mute" id="split-at">Split at</span>
          <div class="choice" role="group" aria-labelledby="split-at">
            ${$t.map(t=>i`<button class="mono" aria-pressed=${t===this.delimiter?"true":"false"} @click=${()=>v($({split:t===":"?void 0:t}),!0)}>${t}</button>`)}
            <button aria-label="Another text" title="Another text" aria-pressed=${$t.includes(this.delimiter)?"false":"true"} @click=${this.otherDelimiter}>
              ${$t.includes(this.delimiter)?"…":i`<span class="mono">${b(this.delimiter)}</span>`}
            </button>
          </div>
          <span class="exact mute" title=${this.treeState.title}>${this.treeState.text}</span>
          <button class="button phone-only" @click=${()=>this.showTree(!1)}>Keys</button>
        </div>
        <key-tree
          .namespace=${e}
          .delimiter=${this.delimiter}
          .chosen=${this.keyPrefix}
          @choose=${t=>{this.showTree(!1),v($({prefix:t.detail===this.keyPrefix?void 0:t.detail,key:void 0}))}}
          @state=${t=>{t.detail.text!==this.treeState.text&&(this.treeState=t.detail)}}
        ></key-tree>
      </section>
      ${this.keys()}
      ${this.openKey!==void 0||this.place.parameters.new!==void 0?i`<entry-panel .place=${this.place} @saved=${()=>this.refresh()} @remove=${()=>this.deleteKeys([this.openKey])}></entry-panel>`:u}`}showTree(e){this.treeOnPhone=e}async otherDelimiter(){let e=await new Re({heading:"Split keys at",label:"Text, such as - or ::",action:"Split",text:this.delimiter},async()=>{}).open();e&&v($({split:e}),!0)}keys(){let e=this.source,t=this.picked.size>0,s=l.info(this.place.namespace),r=e.loaded&&e.total===0&&!this.keyPrefix&&e.counting===void 0&&!s?.keys;return i`<section class="list ${t?"picking":""}" aria-label="Keys">
      <div class="bar">
        <button class="button icon phone-only" aria-label="Prefixes" @click=${()=>this.showTree(!0)}>${E.browse}</button>
        <input class="field mono grow" data-filter type="search" spellcheck="false" autocomplete="off" placeholder="Filter by prefix" aria-label="Filter by prefix" aria-keyshortcuts="/" .value=${this.keyPrefix} @input=${this.filter} />
        ${t?this.pickedActions():this.actions()}
      </div>
      ${r?as(this.place.namespace,l.title(this.place.namespace)):i`<div class="grid-host" role="grid" aria-label="Keys" aria-rowcount=${e.total+1} aria-multiselectable="true" tabindex="0" aria-activedescendant=${e.loaded&&e.total>0?`row-${this.active}`:u} @keydown=${this.gridKey}>
              <div class="heads" role="row" aria-rowindex="1">
                <span role="columnheader"><span class="unseen">Selected</span></span>
                <span role="columnheader">Key</span>
                <span role="columnheader">Metadata</span>
                <span role="columnheader" class="right">Size</span>
                <span role="columnheader" class="right">Expires</span>
              </div>
              ${this.rows(e)}
            </div>
            ${this.foot(e)}`}
    </section>`}rows(e){return e.failure&&!e.loaded?wt(I(e.failure,()=>e.refresh())):e.loaded?e.total===0?wt(i`<div class="empty"><h2>No key begins with ${b(this.keyPrefix)}</h2>
        <p>The store was searched completely.</p></div>`):i`<long-list
      role="rowgroup"
      .total=${e.total}
      .rowHeight=${matchMedia("(max-width: 720px)").matches?44:30}
      .item=${t=>this.line(e,t)}
      @range=${t=>{this.position=t.detail.position,e.want(t.detail.first,t.detail.last)}}
    ></long-list>`:wt(L())}line(e,t){let s=e.row(t);if(!s)return i`<div class="line" role="row" aria-rowindex=${t+2} id="row-${t}" aria-busy="true">
        <span role="gridcell"></span><span role="gridcell"><span class="skeleton" .style=${`width:${90+t*37%60}px`}></span></span>
        <span role="gridcell"></span><span role="gridcell"></span><span role="gridcell"></span>
      </div>`;let r=s.expires===void 0?void 0:s.expires-Date.now();return i`<div class="line ${t===this.active?"active":""}" role="row" id="row-${t}" aria-rowindex=${t+2} aria-selected=${s.key===this.openKey?"true":"false"} @click=${()=>this.openRow(t)}>
      <span role="gridcell" class="tick" @click=${o=>o.stopPropagation()}>
        <input type="checkbox" tabindex="-1" aria-label="Select ${b(s.key)}" .checked=${this.picked.has(s.key)} @change=${()=>this.pick(s)} />
      </span>
      <span role="gridcell" class="clip" title=${b(s.key)}>${b(s.key)}</span>
      <span role="gridcell" class="clip" title=${Qe(s.metadata)}>${Qe(s.metadata)}</span>
      <span role="gridcell" class="right" title=${R(s.bytes,"byte")}>${k(s.bytes)}</span>
      ${r===void 0?i`<span role="gridcell" class="right"></span>`:i`<span role="gridcell" class="right ${r<ii?"soon":""}" title=${C(s.expires)}>${r<=0?"expired":J(r)}</span>`}
    </div>`}actions(){return i`${this.mayWrite?i`<a class="button optional" href=${$({import:1})}>Import</a>
            <a class="button main" href=${$({new:1,key:void 0})}><span class="optional">New entry</span><span class="phone-only">New</span></a>`:u}
      <button class="button icon" popovertarget="list-menu" aria-label="More actions" aria-haspopup="true">${E.more}</button>
      <div id="list-menu" popover @toggle=${Le} @click=${e=>e.currentTarget.hidePopover()}>
        <button @click=${this.export}>Export ${this.keyPrefix?"this prefix":"all keys"}…</button>
        ${this.mayWrite?i`<button @click=${()=>this.import()}>Import…</button>
              <button @click=${()=>this.many("copy")}>Copy to another namespace…</button>
              <button @click=${()=>this.many("expire")}>Change expiry…</button>
              <button class="wrong" @click=${this.deletePrefix}>Delete ${this.keyPrefix?"this prefix":"all keys"}…</button>`:u}
        ${l.mayAdminister?i`<button @click=${this.rename}>Rename the namespace…</button>
              <button class="wrong" @click=${this.deleteNamespace}>Delete the namespace…</button>`:u}
        <button @click=${()=>v(f("live",this.place.namespace,{prefix:this.keyPrefix}))}>Watch live</button>
        <button @click=${()=>v(f("connect",this.place.namespace))}>Connect</button>
      </div>`}pickedActions(){return i`<span class="mute" role="status">${m(this.picked.size)} selected</span>
      <button class="button" @click=${this.export}>Export</button>
      ${this.mayWrite?i`<button class="button" @click=${()=>this.many("copy")}>Copy…</button>
            <button class="button" @click=${()=>this.many("expire")}>Expiry…</button>
            <button class="button danger" @click=${()=>this.deleteKeys([...this.picked.keys()])}>Delete</button>`:u}
      <button class="button icon" aria-label="Select none" @click=${()=>this.picked=new Map}>${E.close}</button>`}foot(e){let t=e.counting===void 0;return i`<footer>
      <span>${t?R(e.total,"key"):`counting, ${Math.floor(e.counting)} %`} · at ${m(Math.min(this.position+1,e.total))}</span>
      <input type="range" min="0" max=${Math.max(0,e.total-1)} .value=${String(this.position)} ?disabled=${!t}
        aria-label="Jump to a position" aria-valuetext=${`key ${m(this.position+1)} of ${m(e.total)}`}
        @input=${s=>this.list?.showAt(Number(s.target.value))} />
      <span title=${e.at?Et(e.at):""}>${e.failure?i`<span class="soon">${e.failure.message}</span>`:e.version>=l.version?"up to date":e.at?`as of ${P(e.at)}`:""}</span>
    </footer>`}};c([y({attribute:!1})],z.prototype,"place",2),c([d()],z.prototype,"source",2),c([d()],z.prototype,"active",2),c([d()],z.prototype,"position",2),c([d()],z.prototype,"picked",2),c([d()],z.prototype,"treeState",2),c([d()],z.prototype,"treeOnPhone",2),z=c([g("page-browse")],z);function wt(a){return i`<div role="row"><div role="gridcell">${a}</div></div>`}var ai=500,ri=50,ni=250,oi=["put","delete","clear"],li={put:"well",delete:"wrong",clear:"soon"},ee=class extends w{constructor(){super(...arguments);this.events=[];this.paused=!1;this.trouble="";this.waiting=[];this.missed=0;this.filterTimer=0;this.frame=0}connectedCallback(){super.connectedCallback(),this.listen(O,"back",()=>this.open()),this.listen(l,"change",()=>this.requestUpdate())}disconnectedCallback(){super.disconnectedCallback(),this.source?.close(),cancelAnimationFrame(this.frame)}willUpdate(e){e.has("place")&&(this.events=[],this.open())}get type(){return this.place.parameters.type??""}open(){this.source?.close(),this.trouble="",this.rate=void 0;let e=new EventSource(Tt("v1/feed",{namespace:this.place.namespace||void 0,prefix:this.place.parameters.prefix,type:this.type||void 0,most:ri}));this.source=e,e.addEventListener("message",t=>this.take(JSON.parse(t.data))),e.addEventListener("rate",t=>this.rate=JSON.parse(t.data)),e.addEventListener("error",()=>{e.readyState===EventSource.CLOSED?this.explain():O.breaks()}),e.addEventListener("open",()=>this.trouble="")}async explain(){let e=await fetch(this.source.url,{headers:{Accept:"text/event-stream"}}).catch(()=>{});if(e?.ok)await e.body?.cancel();else if(e){let t=await e.json().catch(()=>{});this.trouble=t?.error?.message??`The server answered ${e.status}.`}}take(e){if(e.error){this.trouble=e.error.message;return}if(this.paused){this.missed++;return}this.waiting.push(e),this.waiting.length===1&&(this.frame=requestAnimationFrame(()=>{this.events=[...this.waiting.reverse(),...this.events].slice(0,ai),this.waiting=[]}))}pause(){this.paused=!this.paused,this.missed=0}filter(e){let t=e.target.value;clearTimeout(this.filterTimer),this.filterTimer=window.setTimeout(()=>v($({prefix:t}),!0),ni)}summary(){if(!this.rate)return"";let{changes:e,shown:t,version:s}=this.rate,r=e>t&&t>0?` · showing one in ${m(Math.round(e/t))}`:"";return`${te(e)} a second${r} · v ${m(s)}`}render(){let{namespace:e}=this.place;return i`<div class="bar live-bar">
        <button class="button" aria-pressed=${this.paused?"true":"false"} @click=${this.pause}>${this.paused?i`${E.play} Go on`:i`${E.pause} Pause`}</button>
        <div class="choice" role="group" aria-label="Type of change">
          ${["",...oi].map(t=>i`<button aria-pressed=${t===this.type?"true":"false"} @click=${()=>v($({type:t}),!0)}>${t||"All"}</button>`)}
        </div>
        <select aria-label="Namespace" @change=${t=>v(f("live",t.target.value,this.place.parameters),!0)}>
          <option value="" ?selected=${!e}>All namespaces</option>
          ${(l.namespaces??[]).map(t=>i`<option value=${t.id} ?selected=${t.id===e}>${t.title}</option>`)}
        </select>
        <input class="field mono live-filter" data-filter type="search" spellcheck="false" autocomplete="off" placeholder="Filter by prefix" aria-label="Filter by prefix" .value=${this.place.parameters.prefix??""} @input=${this.filter} />
        <span class="grow right mute optional">${this.paused?`paused, ${m(this.missed)} passed`:this.summary()}</span>
      </div>
      <div class="events" role="log" aria-live="off" aria-label="Changes" tabindex="0">
        ${this.trouble?i`<p class="empty" role="alert">${this.trouble}</p>`:u}
        ${this.events.length===0&&!this.trouble?i`<div class="empty"><h2>Waiting for changes</h2><p>A put, a delete or a clear appears here as it happens. An expiry is no change.</p></div>`:u}
        ${this.events.map(t=>this.line(t))}
      </div>`}line(e){return i`<div class="event">
      <span>${m(e.version)}</span>
      <span title=${C(e.at)}>${St(e.at)}</span>
      <span class=${li[e.type]}>${e.type}</span>
      ${e.type==="clear"?i`<a class="clip" href=${f("browse",e.namespace,{prefix:e.prefix})}>${e.prefix?b(e.prefix):"all keys"}</a>`:i`<a class="clip" href=${f("browse",e.namespace,{key:e.key})}>${b(e.key??"")}</a>`}
      <span class="clip">${l.title(e.namespace)}</span>
      <span class="right">${e.size===void 0?"":k(e.size)}</span>
    </div>`}};c([y({attribute:!1})],ee.prototype,"place",2),c([d()],ee.prototype,"events",2),c([d()],ee.prototype,"paused",2),c([d()],ee.prototype,"trouble",2),c([d()],ee.prototype,"rate",2),ee=c([g("page-live")],ee);var V=class extends w{constructor(){super(...arguments);this.versions=[];this.progress=0;this.stopped=!1;this.sidesTrouble="";this.loadedKey="";this.loadedPair=""}disconnectedCallback(){super.disconnectedCallback(),this.request?.abort(),this.loadedKey=""}get openKey(){return this.place.parameters.key??""}willUpdate(e){if(e.has("place")){let t=`${this.place.namespace}/${this.openKey}`;t!==this.loadedKey?(this.loadedKey=t,this.load()):this.loadSides()}}async load(){this.request?.abort();let e=new AbortController;this.request=e,this.versions=[],this.end=void 0,this.failure=void 0,this.stopped=!1,this.progress=0;let t=[];try{await Pt(this.place.namespace,this.openKey,s=>{if(s.progress)this.progress=s.progress.percent,this.versions=[...t].reverse();else if(s.complete)this.end=s;else{if(s.error)throw new Error(s.error.message);t.push(s)}},e.signal)}catch(s){e.signal.aborted||fe(s)?this.stopped=e===this.request:this.failure=s}e===this.request&&(this.versions=t.reverse(),await this.loadSides())}get chosen(){let e=this.place.parameters.version;return this.versions.find(t=>String(t.version)===e)??this.versions[0]}async loadSides(){let{chosen:e}=this;if(!e)return;let t=this.versions[this.versions.indexOf(e)+1],s=`${this.loadedKey}@${e.version}`;if(s===this.loadedPair)return;this.loadedPair=s,this.sides=void 0,this.sidesTrouble="";let r=o=>o?.type==="put"?st(this.place.namespace,this.openKey,String(o.version)):Promise.resolve(void 0);try{let[o,p]=await Promise.all([r(t),r(e)]);s===this.loadedPair&&(this.sides={before:o,after:p})}catch(o){this.sidesTrouble=o.message}}async restore(e){let{namespace:t}=this.place,s=this.openKey,r=await st(t,s,String(e.version));if(!r){M("Not restored: the feed no longer has this version.");return}let o=this.versions[0],p=r.expires!==0&&r.expires<=Date.now();await new ae({heading:`Restore version ${m(e.version)}?`,text:i`Writes its value (${k(r.size)}) and metadata as a new version.
          ${p?"Its expiry has passed, so the new version never expires.":""} The versions after it stay in the history.`,action:"Restore"},async()=>{let x=await He(t,s);if(o.type==="put"&&x!=="0"&&x!==String(o.version))throw new Error(`Not restored: version ${m(Number(x))} came first. Reload the history and look at it.`);try{await Ee(t,s,{value:r.value,metadata:r.metadata,expires:p?0:r.expires,condition:x==="0"?{"If-None-Match":"*"}:{"If-Match":`"${x}"`}})}catch(N){throw A(N,412)?new Error("Not restored: another change came first. Nothing is lost; try again."):N}}).open()&&(M(`Restored version ${m(e.version)}.`),v($({version:void 0}),!0),await this.load())}render(){let{namespace:e}=this.place,{chosen:t}=this;if(this.failure)return I(this.failure,()=>this.load());let s=!this.end&&!this.stopped;return i`<div class="page">
      <div class="row wrap">
        <h2 class="mono clip">${b(this.openKey)}</h2>
        <span class="grow"></span>
        ${s?i`<span class="mute" role="status">reading the feed, ${Math.floor(this.progress)} %</span><button class="button" @click=${()=>this.request?.abort()}>Stop</button>`:i`<button class="button" @click=${this.load}>Read again</button>`}
        <a class="button" href=${f("browse",e,{key:this.openKey})}>Open the entry</a>
      </div>
      <div class="history">
        <section class="card" aria-label="Versions">
          <ol class="versions">
            ${this.versions.map(r=>this.version(r,r===t))}
          </ol>
          ${this.versions.length===0&&!s?i`<p class="empty">No change of this key is known.</p>`:u}
          <p class="mute since">${this.since()}</p>
        </section>
        <section class="card" aria-label="Change">
          ${t?this.change(t):i`<p class="empty">${s?"Loading":"Nothing to show."}</p>`}
        </section>
      </div>
    </div>`}since(){return this.stopped?"Stopped. Older versions may exist.":this.end?.from_start?"This is everything: the feed reaches back to the first change.":this.end?.since?`Known since ${C(this.end.since.at)}, version ${m(this.end.since.version)}. Older versions are not kept: ${this.end.why??"the feed is trimmed"}.`:""}version(e,t){let s={put:e.size===void 0?"":k(e.size),delete:"deleted",clear:`cleared with ${e.prefix?b(e.prefix):"all keys"}`};return i`<li>
      <a href=${$({version:e.version})} aria-current=${t?"true":"false"}>
        <span class="mono">${m(e.version)}</span>
        <span class=${e.type==="put"?"mute":"wrong"}>${s[e.type]}</span>
        <span class="mute right grow" title=${C(e.at)}>${P(e.at)}</span>
      </a>
    </li>`}change(e){let t=e===this.versions[0];return i`<header>
        <h2>Version ${m(e.version)}</h2>
        <span class="mute" title=${C(e.at)}>${P(e.at)}</span>
        <span class="grow"></span>
        ${e.type==="put"&&!t&&l.mayWrite(this.place.namespace)?i`<button class="button" @click=${()=>this.restore(e)}>Restore this version</button>`:u}
      </header>
      <div class="body stack">
        ${this.sidesTrouble?i`<p class="note wrong" role="alert">${this.sidesTrouble}</p>`:this.sides?this.sidesView(this.sides,e):i`<p class="mute" role="status">Loading</p>`}
      </div>`}sidesView(e,t){if(t.type!=="put")return i`<p>The entry was ${t.type==="delete"?"deleted":"cleared"}.</p>`;let{before:s,after:r}=e;if(!r)return i`<p>The feed no longer has the value of this version.</p>`;let[o,p]=[bs(s),bs(r)],h=o===void 0||p===void 0;return i`<p class="mute">${s?`From version ${m(Number(s.version))} to ${m(Number(r.version))}`:"The first version that is known"}</p>
      ${h?i`<p>The value is not text: ${s?`${k(s.size)}, then `:""}${k(r.size)}.</p>`:Ye(s?X(o):"",X(p))}
      <dl class="parts">
        <dt>Metadata</dt><dd class="mono">${s&&s.metadata!==r.metadata?i`<del>${s.metadata||"none"}</del> `:u}${r.metadata||"none"}</dd>
        <dt>Expires</dt><dd>${s&&s.expires!==r.expires?i`<del>${s.expires?C(s.expires):"never"}</del> `:u}${r.expires?C(r.expires):"never"}</dd>
      </dl>`}};c([y({attribute:!1})],V.prototype,"place",2),c([d()],V.prototype,"versions",2),c([d()],V.prototype,"progress",2),c([d()],V.prototype,"end",2),c([d()],V.prototype,"stopped",2),c([d()],V.prototype,"failure",2),c([d()],V.prototype,"sides",2),c([d()],V.prototype,"sidesTrouble",2),V=c([g("page-history")],V);function bs(a){return a?ce(a.value,a.complete):""}var ci=2e4,$s={"1h":"1 h","24h":"24 h","7d":"7 d","31d":"31 d"},pi=["read","write","delete","list"],Xe={p25:"p25",p50:"p50",p75:"p75",p90:"p90",p99:"p99",p999:"p99.9"},hi=["p50","p99","p999"],di={304:"not modified",400:"bad request",403:"not allowed",404:"no such key",412:"condition not met",413:"too large",429:"too often",503:"try later",507:"disk full"},me=class extends w{constructor(){super(...arguments);this.places=[];this.wanted="";this.download=async()=>{let{points:e}=await ie({...this.query,by:"namespace,place,operation,status"}),t=["at","namespace","place","operation","status","requests","bytes_in","bytes_out"],s=[...t,...Object.keys(Xe).map(p=>`${p}_millis`)].join(","),r=e.map(p=>[...t.map(h=>p[h]),...Object.values(p.millis)].join(",")),o=document.createElement("a");o.href=URL.createObjectURL(new Blob([`${[s,...r].join(`
`)}
`],{type:"text/csv"})),o.download="analytics.csv",o.click(),URL.revokeObjectURL(o.href)}}connectedCallback(){super.connectedCallback(),this.listen(l,"change",()=>this.requestUpdate()),this.every(ci,()=>this.load())}willUpdate(e){e.has("place")&&this.load()}get query(){let{span:e,from:t,to:s,at:r,of:o}=this.place.parameters;return{...t&&s?{from:t,to:s}:{since:e&&e in $s?e:"24h"},place:r,namespace:o}}async load(){let{query:e}=this,t=JSON.stringify(e);this.wanted=t;try{let[s,r,o,p]=await Promise.all([ie({...e,by:""}),ie({...e,by:"operation"}),ie({...e,by:"operation,status"}),ie({...e,by:"place",place:void 0})]);this.wanted===t&&(this.numbers={all:s,byOperation:r,byStatus:o,byPlace:p},this.places=p.totals.map(h=>h.place??""),this.failure=void 0)}catch(s){this.failure=s}}render(){if(A(this.failure,404)&&!Ke(this.failure))return i`<div class="empty"><h2>There are no numbers</h2><p>${this.failure?.message}</p></div>`;let e=this.failure instanceof oe&&this.failure.code==="unreachable";return this.failure&&!(this.numbers&&e)?I(this.failure,()=>this.load()):i`<div class="page">
      ${this.choices()}
      ${this.numbers?this.content(this.numbers):L()}
    </div>`}choices(){let{span:e="24h",from:t,at:s="",of:r=""}=this.place.parameters;return i`<div class="row wrap">
      <div class="choice" role="group" aria-label="Span of time">
        ${Object.entries($s).map(([o,p])=>i`<button aria-pressed=${String(!t&&e===o)}
            @click=${()=>v($({span:o,from:void 0,to:void 0}))}>${p}</button>`)}
      </div>
      <select aria-label="Namespace" @change=${o=>v($({of:o.target.value}))}>
        <option value="" ?selected=${r===""}>All namespaces</option>
        ${(l.namespaces??[]).map(o=>i`<option value=${o.id} ?selected=${r===o.id}>${o.title}</option>`)}
      </select>
      <select aria-label="Place" @change=${o=>v($({at:o.target.value}))}>
        <option value="" ?selected=${s===""}>All places</option>
        ${this.places.map(o=>i`<option value=${o} ?selected=${s===o}>${o}</option>`)}
      </select>
      <span class="grow"></span>
      <button class="button" ?disabled=${!this.numbers} @click=${this.download}>Download CSV</button>
    </div>`}content(e){return!e.all.totals[0]&&e.all.stored.every(s=>s.keys===0)?i`<div class="empty"><h2>No operation in this time</h2>
        <p>Each read, write, delete and list of a key appears here within a second.</p></div>`:i`${this.figures(e)}
      <div class="halves">
        ${this.chart("Operations a second",ui(e.byOperation),e.all,te)}
        ${this.chart("Time to answer",mi(e.all),e.all,j)}
        ${this.chart("Bytes a second",vi(e.all),e.all,s=>k(Math.round(s)))}
        ${this.chart("Stored",fi(e.all),e.all,s=>k(Math.round(s)))}
      </div>
      ${this.timesTable(e)}
      <div class="halves">${this.placesTable(e.byPlace)}${this.statuses(e.byStatus)}</div>`}figures({all:e,byStatus:t}){let s=ws(t,h=>h<400),r=ws(t,h=>h===404),o=e.totals[0],p=e.stored.at(-1);return i`<div class="figures">
      ${Je("Operations",m(o?.requests??0),`${k(o?.bytes_in??0)} in, ${k(o?.bytes_out??0)} out`)}
      ${Je("Time to answer, p99",o?j(o.millis.p99):"–",o?`median ${j(o.millis.p50)}`:"")}
      ${Je("Reads that found a key",s+r>0?`${(100*s/(s+r)).toFixed(1)} %`:"–",`${m(r)} found none`)}
      ${Je("Keys stored",p?m(p.keys):"–",p?k(p.bytes):"counted once an hour")}
    </div>`}chart(e,t,s,r){let o=t.filter(p=>p.values.some(h=>h!==null));return i`<section class="card" aria-label=${e}>
      <header><h2>${e}</h2><p class="legend">${o.map((p,h)=>i`<span class="series-${h}">${p.name}</span>`)}</p></header>
      <div class="body">${o.length===0?i`<p class="mute">Nothing in this time.</p>`:i`<line-chart .times=${xt(s)} .series=${o} .format=${r} label=${e} @zoom=${this.zoom}></line-chart>`}</div>
    </section>`}zoom(e){let t=s=>new Date(s).toISOString();v($({from:t(e.detail.from),to:t(e.detail.to)}))}timesTable({byOperation:e}){return i`<section class="card scroll-x" aria-labelledby="times-heading">
      <header><h2 id="times-heading">Time to answer by operation</h2></header>
      <table class="head-first">
        <thead><tr><th scope="col">Operation</th><th scope="col" class="right">Requests</th>
          ${Object.values(Xe).map(t=>i`<th scope="col" class="right">${t}</th>`)}</tr></thead>
        <tbody>${e.totals.map(t=>i`<tr><td>${t.operation}</td><td class="right">${m(t.requests)}</td>
            ${Object.keys(Xe).map(s=>i`<td class="right">${j(t.millis[s])}</td>`)}</tr>`)}</tbody>
      </table>
    </section>`}placesTable(e){return i`<section class="card scroll-x" aria-labelledby="places-heading">
      <header><h2 id="places-heading">Places</h2></header>
      <table class="head-first">
        <thead><tr><th scope="col">Place</th><th scope="col">Operations</th><th scope="col" class="right">Requests</th><th scope="col" class="right">p50</th><th scope="col" class="right">p99</th></tr></thead>
        <tbody>${e.totals.map(t=>i`<tr><td><a href=${$({at:t.place})}>${t.place}</a></td>
            <td>${de(Ie(e,s=>s.place===t.place,s=>s.requests).map(s=>s??0),1)}</td>
            <td class="right">${m(t.requests)}</td><td class="right">${j(t.millis.p50)}</td><td class="right">${j(t.millis.p99)}</td></tr>`)}</tbody>
      </table>
    </section>`}statuses(e){let t=new Map;for(let o of e.totals)t.set(o.status??0,(t.get(o.status??0)??0)+o.requests);let s=[...t.values()].reduce((o,p)=>o+p,0),r=[...t].sort((o,p)=>o[0]-p[0]);return i`<section class="card scroll-x" aria-labelledby="statuses-heading">
      <header><h2 id="statuses-heading">Statuses</h2></header>
      <table class="head-first">
        <thead><tr><th scope="col">Answer</th><th scope="col" class="right">Requests</th><th scope="col" class="right">Share</th></tr></thead>
        <tbody>${r.map(([o,p])=>i`<tr><td>${o} ${di[o]??u}</td>
            <td class="right">${m(p)}</td><td class="right">${(100*p/s).toFixed(1)} %</td></tr>`)}</tbody>
      </table>
    </section>`}};c([y({attribute:!1})],me.prototype,"place",2),c([d()],me.prototype,"numbers",2),c([d()],me.prototype,"failure",2),me=c([g("page-analytics")],me);function Je(a,n,e){return i`<section class="card figure"><h2 class="mute">${a}</h2><p class="number">${n}</p><p class="mute">${e}</p></section>`}function xt(a){let n=a.step_seconds*1e3,e=[];for(let t=Date.parse(a.from);t<Date.parse(a.to);t+=n)e.push(t);return e}function Ie(a,n,e){let t=new Map;for(let s of a.points)n(s)&&t.set(Date.parse(s.at),e(s));return xt(a).map(s=>t.get(s)??null)}function ui(a){return pi.map(n=>({name:n,values:Ie(a,e=>e.operation===n,e=>e.requests/a.step_seconds)}))}function mi(a){return hi.map(n=>({name:Xe[n],values:Ie(a,()=>!0,e=>e.millis[n])}))}function vi(a){return[{name:"out",values:Ie(a,()=>!0,n=>n.bytes_out/a.step_seconds)},{name:"in",values:Ie(a,()=>!0,n=>n.bytes_in/a.step_seconds)}]}function fi(a){let n=new Map(a.stored.map(t=>[Date.parse(t.at),t.bytes])),e=null;return[{name:"bytes",values:xt(a).map(t=>e=n.get(t)??e)}]}function ws(a,n){return a.totals.filter(e=>e.operation==="read"&&n(e.status??0)).reduce((e,t)=>e+t.requests,0)}var gi=500,re=class extends w{connectedCallback(){super.connectedCallback(),this.load()}async load(){try{this.tokens=await Dt(),this.acts=await this.newestActs(),this.failure=void 0}catch(n){this.failure=n}}async newestActs(){let n=[],e=0;for(;e!==void 0;){let t=await qt(e);n=[...n,...t.acts].slice(-gi),e=t.next}return n.reverse()}async create(){await new ne().open(),await this.load()}async revoke(n){let e=n.id===l.session.token?.id;await new ae({heading:`Revoke the token ${n.name||n.id}?`,text:i`Its requests end within a second, here and at connected edges.${e?" This is the token of this session: you are signed out.":""}`,action:"Revoke",danger:!0},()=>_t(n.id)).open()&&(M("Revoked."),await this.load())}render(){if(this.failure)return A(this.failure,401)||A(this.failure,403)?Ce(l.session.guarded?"Tokens and the audit require a token with the grant admin for all accounts.":"This server has no tokens yet. To create the first one here, open the link that selvedge console --data prints on its machine. From then on, every request requires a token."):I(this.failure,()=>this.load());if(!this.tokens)return L();let n=this.place.parameters.view==="audit";return i`<div class="page">
      <div class="row">
        <div class="choice" role="group" aria-label="Part">
          <button aria-pressed=${n?"false":"true"} @click=${()=>v($({view:void 0}),!0)}>Tokens</button>
          <button aria-pressed=${n?"true":"false"} @click=${()=>v($({view:"audit"}),!0)}>Audit</button>
        </div>
        <span class="grow"></span>
        ${n?u:i`<button class="button main" @click=${this.create}>New token</button>`}
      </div>
      ${n?this.auditTable(this.acts??[]):this.tokenTable(this.tokens)}
    </div>`}tokenTable(n){return i`<section class="card scroll-x" aria-label="Tokens">
      <table class="head-first">
        <thead><tr><th scope="col">Name</th><th scope="col">May</th><th scope="col">Where</th><th scope="col">Expires</th><th scope="col">Last used here</th><th scope="col"><span class="unseen">Actions</span></th></tr></thead>
        <tbody>
          ${n.map(e=>i`<tr>
              <td title=${e.id}>${b(e.name||e.id)}</td>
              <td>${e.grant}</td>
              <td class="mono">${yi(e)}</td>
              <td title=${e.expires?C(e.expires):""}>${e.expires?bi(e.expires):"never"}</td>
              <td title=${e.last_used?C(e.last_used):""}>${e.last_used?P(e.last_used):i`<span class="mute">not since the start</span>`}</td>
              <td class="right"><button class="button danger" aria-label="Revoke ${e.name||e.id}" @click=${()=>this.revoke(e)}>Revoke</button></td>
            </tr>`)}
        </tbody>
      </table>
      ${n.length===0?i`<p class="empty">There is no token yet.</p>`:u}
    </section>`}auditTable(n){return i`<section class="card scroll-x" aria-label="Audit">
      <table class="head-first">
        <thead><tr><th scope="col">When</th><th scope="col">Who</th><th scope="col">From</th><th scope="col">What</th><th scope="col">Which</th><th scope="col" class="right">Answer</th></tr></thead>
        <tbody>
          ${n.map(e=>i`<tr>
              <td title=${C(e.time)}>${P(e.time)}</td>
              <td>${b(e.actor??"")}</td>
              <td class="mono">${e.address}</td>
              <td>${e.operation}</td>
              <td class="mono wide">${b(e.target??"")}${e.left_out?i` <span class="mute">and ${R(e.left_out,"more refused attempt")}</span>`:u}</td>
              <td class="right ${e.status>=400?"wrong":""}">${e.status>=400?`${e.status} refused`:"done"}</td>
            </tr>`)}
        </tbody>
      </table>
      ${n.length===0?i`<p class="empty">No administrative act is recorded yet.</p>`:u}
    </section>`}};c([y({attribute:!1})],re.prototype,"place",2),c([d()],re.prototype,"tokens",2),c([d()],re.prototype,"acts",2),c([d()],re.prototype,"failure",2),re=c([g("page-access")],re);function yi(a){return a.namespace?`${l.title(a.namespace)}${a.prefix?` ${b(a.prefix)}*`:""}`:a.account==="all"?"everything":`account ${a.account}`}function bi(a){let n=new Date(a).getTime()-Date.now();return n<=0?"expired":`in ${Math.ceil(n/864e5)>1?R(Math.ceil(n/864e5),"day"):"a day"}`}var $i=[["read","read: gets, lists, feeds"],["write","write: read, and changes of keys"],["admin","admin: write, and namespaces; for all accounts also tokens and backups"],["replicate","replicate: for edges, everything and no changes"]],ne=class extends Me{constructor(){super(...arguments);this.secret="";this.grant="read";this.namespace=""}heading(){return this.secret?"The new token":"New token"}body(){if(this.secret)return i`<p>This is shown once. Copy it now; the server keeps a digest only.</p>
        <div class="code"><pre tabindex="0" role="region" aria-label="Secret of the token">${this.secret}</pre>
          <button type="button" class="button" @click=${()=>Y(this.secret,"the token")}>Copy</button></div>`;let e=this.grant==="read"||this.grant==="write";return i`<label class="stack"><span class="label">Name</span><input class="field" name="name" required autocomplete="off" /></label>
      <label class="stack"><span class="label">May</span>
        <select class="field" name="grant" @change=${t=>this.grant=t.target.value}>
          ${$i.map(([t,s])=>i`<option value=${t} ?selected=${t===this.grant}>${s}</option>`)}
        </select></label>
      ${this.grant==="replicate"?u:i`<label class="stack"><span class="label">Where</span>
            <select class="field" name="namespace" @change=${t=>this.namespace=t.target.value}>
              <option value="">everything</option>
              ${(l.namespaces??[]).map(t=>i`<option value=${t.id}>${t.title}</option>`)}
            </select></label>`}
      ${e&&this.namespace?i`<label class="stack"><span class="label">Only keys that begin with (may be empty)</span><input class="field mono" name="prefix" autocomplete="off" /></label>`:u}
      <label class="stack"><span class="label">Expires</span>
        <select class="field" name="expires">
          <option value="">never</option><option value="3600">in an hour</option><option value="86400">in a day</option>
          <option value="2592000" selected>in 30 days</option><option value="31536000">in a year</option>
        </select></label>`}actions(){return this.secret?i`<button class="button main" type="button" @click=${()=>this.close(!0)}>Done</button>`:i`${this.cancel}<button class="button main" ?disabled=${this.busy}>Create</button>`}submit(){this.secret||this.create()}async create(){let e=new FormData(this.querySelector("form")),t=r=>String(e.get(r)??""),s=t("namespace");this.busy=!0,this.trouble="";try{let r=await Kt({name:t("name"),account:s?l.account:"all",...s?{namespace:s}:{},...t("prefix")?{prefix:t("prefix")}:{},grant:t("grant"),...t("expires")?{expires_seconds:Number(t("expires"))}:{}});this.secret=r.secret}catch(r){this.trouble=r.message}this.busy=!1}};c([d()],ne.prototype,"secret",2),c([d()],ne.prototype,"grant",2),c([d()],ne.prototype,"namespace",2),ne=c([g("token-dialog")],ne);var Oe=class extends w{connectedCallback(){super.connectedCallback(),this.listen(l,"change",()=>this.requestUpdate())}render(){let n=l.namespaces??[],e=this.place.namespace||n[0]?.id;return e?i`<div class="page narrow">
      <div class="row wrap">
        <label class="row"><span class="mute">Namespace</span>
          <select @change=${t=>v(f("connect",t.target.value))}>
            ${n.map(t=>i`<option value=${t.id} ?selected=${t.id===e}>${t.title}</option>`)}
          </select></label>
        <span class="mute">at <code>${D()}</code>${l.session.guarded?i`, with your token in <code>SELVEDGE_TOKEN</code>`:""}</span>
      </div>
      ${is(e,l.title(e)).map(ut)}
    </div>`:i`<div class="empty"><h2>No namespace yet</h2><p>Create one first; then this page has the lines for each client.</p></div>`}};c([y({attribute:!1})],Oe.prototype,"place",2),Oe=c([g("page-connect")],Oe);var W=class extends w{constructor(){super(...arguments);this.staleness=new Map;this.loaded=!1;this.filter=""}connectedCallback(){super.connectedCallback(),this.load()}async load(){try{this.limits=await Se(Ht(),403,404),this.usage=(await Se(Ut(),403,404))?.quotas,this.status=await Se(_e(),403);for(let e of l.namespaces??[]){let t=await Se(Vt(e.id),403,404);t&&(this.staleness=new Map(this.staleness).set(e.id,t))}this.failure=void 0}catch(e){this.failure=e}this.loaded=!0}async setStaleness(e,t){try{await Wt(e,t),this.staleness=new Map(this.staleness).set(e,t),M("Saved.")}catch(s){M(`Not saved: ${s.message}`),this.requestUpdate()}}render(){return this.failure?I(this.failure,()=>this.load()):this.loaded?!this.limits&&!this.usage&&!this.status&&this.staleness.size===0?Ce("Settings require a token that may read the account."):i`<div class="page">
      ${this.status?this.serverCard(this.status):u}
      ${this.usage?.length?this.quotas(this.usage):u}
      ${this.staleness.size>0?this.bounds():u}
      ${this.limits?this.limitTable(this.limits):u}
    </div>`:L()}serverCard(e){let t=[["Location",e.location],["Role",e.role],["Cluster",e.cluster],["Version",m(e.version)],["Software",l.session.software??"unknown"],["Clock",C(e.at)]];return i`<section class="card" aria-labelledby="server-heading">
      <header><h2 id="server-heading">This server</h2></header>
      <div class="body"><dl class="facts">${t.map(([s,r])=>i`<div><dt class="label">${s}</dt><dd class="mono">${r}</dd></div>`)}</dl></div>
    </section>`}quotas(e){return i`<section class="card scroll-x" aria-labelledby="quotas-heading">
      <header><h2 id="quotas-heading">Quotas</h2><span class="mute">of the account, today</span></header>
      <table>
        <thead><tr><th scope="col">Quota</th><th scope="col" class="right">Used</th><th scope="col" class="right">Limit</th><th scope="col" class="right">Left</th><th scope="col"></th></tr></thead>
        <tbody>${e.map(t=>{let s=t.limit?Math.min(100,t.used/t.limit*100):0;return i`<tr>
            <td>${t.quota}</td><td class="right">${m(t.used)}</td>
            <td class="right">${t.limit===null||t.limit===void 0?"none":m(t.limit)}</td>
            <td class="right">${t.left===null||t.left===void 0?"–":m(t.left)}</td>
            <td><div class="meter ${s>95?"wrong":s>80?"soon":""}"><div .style=${`width:${s}%`}></div></div></td>
          </tr>`})}</tbody>
      </table>
    </section>`}bounds(){return i`<section class="card scroll-x" aria-labelledby="bounds-heading">
      <header><h2 id="bounds-heading">Staleness</h2><span class="mute">how old an answer of an edge may be, and what the edge does past that</span></header>
      <table>
        <thead><tr><th scope="col">Namespace</th><th scope="col">Bound, seconds</th><th scope="col">Past the bound</th></tr></thead>
        <tbody>${[...this.staleness].map(([e,t])=>i`<tr>
            <td>${l.title(e)}</td>
            <td><input class="field short" type="number" min="1" step="1" aria-label="Bound of ${l.title(e)} in seconds" ?disabled=${!l.mayAdminister} .value=${String(t.bound/1e3)}
              @change=${s=>this.setStaleness(e,{...t,bound:Number(s.target.value)*1e3})} /></td>
            <td><select aria-label="What ${l.title(e)} does past the bound" ?disabled=${!l.mayAdminister}
              @change=${s=>this.setStaleness(e,{...t,past:s.target.value})}>
              <option value="serve" ?selected=${t.past==="serve"}>answer, and count it</option>
              <option value="refuse" ?selected=${t.past==="refuse"}>refuse with 503</option>
            </select></td>
          </tr>`)}</tbody>
      </table>
    </section>`}limitTable(e){let t=e.filter(s=>`${s.name} ${s.meaning}`.toLowerCase().includes(this.filter.toLowerCase()));return i`<section class="card scroll-x" aria-labelledby="limits-heading">
      <header class="row"><h2 id="limits-heading">Limits</h2><span class="mute grow">set with --limit NAME=VALUE at the start, or with selvedge config set while the server runs</span>
        <input class="field filter" data-filter type="search" placeholder="Filter" aria-label="Filter limits" @input=${s=>this.filter=s.target.value} /></header>
      <table>
        <thead><tr><th scope="col">Limit</th><th scope="col" class="right">Value</th><th scope="col" class="right optional">Bounds</th><th scope="col" class="optional">Meaning</th></tr></thead>
        <tbody>${t.map(s=>i`<tr>
            <td class="mono">${s.name}</td>
            <td class="right" title=${s.value===null?"":`${m(s.value)} ${s.unit}`}>${kt(s.value,s.unit)}</td>
            <td class="right mute optional">${kt(s.least,s.unit)} to ${s.most===null?"any":kt(s.most,s.unit)}</td>
            <td class="wide mute optional">${s.meaning}</td>
          </tr>`)}</tbody>
      </table>
    </section>`}};c([y({attribute:!1})],W.prototype,"place",2),c([d()],W.prototype,"limits",2),c([d()],W.prototype,"usage",2),c([d()],W.prototype,"status",2),c([d()],W.prototype,"staleness",2),c([d()],W.prototype,"failure",2),c([d()],W.prototype,"loaded",2),c([d()],W.prototype,"filter",2),W=c([g("page-settings")],W);function kt(a,n){return a===null?"none":n==="bytes"?k(a):n==="seconds"?J(a*1e3):n==="milliseconds"||n==="millis"?`${m(a)} ms`:m(a)}var Pe=[{name:"overview",title:"Overview",icon:E.overview},{name:"live",title:"Live",icon:E.live},{name:"analytics",title:"Analytics",icon:E.analytics},{name:"access",title:"Access",icon:E.access},{name:"connect",title:"Connect",icon:E.connect},{name:"settings",title:"Settings",icon:E.settings}],wi=3e3,xi=4e3,Te=class extends w{constructor(){super(...arguments);this.place=be();this.message="";this.messageTimer=0}connectedCallback(){super.connectedCallback(),this.listen(window,"hashchange",()=>this.arrived()),this.listen(window,"keydown",e=>this.key(e)),this.listen(window,"toast",e=>this.show(e.detail)),this.listen(l,"change",()=>this.requestUpdate()),this.listen(O,"change",()=>this.requestUpdate()),this.every(wi,()=>l.refresh()),setInterval(()=>O.lost&&this.requestUpdate(),1e3),this.start()}async start(){let e=Xt();if(!e){await l.start();return}await l.startWith(e),l.linkTrouble&&!l.mustSignIn&&this.show(l.linkTrouble)}arrived(){be().parameters.code&&this.start();let e=this.place;this.place=be(),(e.page!==this.place.page||e.namespace!==this.place.namespace)&&this.querySelector("main")?.focus({preventScroll:!0})}show(e){this.message=e,clearTimeout(this.messageTimer),this.messageTimer=window.setTimeout(()=>this.message="",xi)}key(e){if((e.metaKey||e.ctrlKey)&&e.key.toLowerCase()==="k"){e.preventDefault(),this.openPalette();return}let t=e.composedPath()[0];if(!(t.isContentEditable||/^(INPUT|TEXTAREA|SELECT)$/.test(t.tagName??"")||e.metaKey||e.ctrlKey||e.altKey||document.querySelector("dialog[open]"))){if(e.key==="?")new he().open();else if(e.key==="/"){let r=this.querySelector("main [data-filter]");r&&(e.preventDefault(),r.focus(),r.select())}}}openPalette(){!document.querySelector("dialog[open]")&&!l.mustSignIn&&new Q(()=>this.commands(),this.place.namespace).open()}commands(){let{namespace:e}=this.place,t=Pe.map(s=>({text:s.title,hint:"page",run:()=>v(f(s.name))}));for(let s of l.namespaces??[])t.push({text:s.title,hint:"namespace",run:()=>v(f("browse",s.id))});if(e){let s=l.title(e);l.mayWrite(e)&&t.push({text:`New entry in ${s}`,hint:"action",run:()=>v(f("browse",e,{new:1}))},{text:`Import into ${s}`,hint:"action",run:()=>v(f("browse",e,{import:1}))}),t.push({text:`Watch ${s} live`,hint:"action",run:()=>v(f("live",e))},{text:`Connect to ${s}`,hint:"action",run:()=>v(f("connect",e))})}return l.mayAdminister&&t.push({text:"New namespace",hint:"action",run:()=>{$e()}}),t.push({text:pe()==="dark"?"Light theme":"Dark theme",hint:"action",run:()=>this.switchTheme()},{text:"Show all keys of the keyboard",hint:"?",run:()=>{new he().open()}}),l.session.signed_in&&t.push({text:"Sign out",hint:"action",run:()=>{this.signOut()}}),t}switchTheme(){Jt(),this.requestUpdate()}async signOut(){await Rt(),l.ended()}render(){return l.mustSignIn?i`<div class="thread"></div><sign-in-page></sign-in-page>`:(document.title=`${this.heading()} · Selvedge`,i`<div class="thread"></div>
      ${this.side()} ${this.top()}
      <div class="notices" role="status">${this.notices()}</div>
      <main id="main" tabindex="-1" class=${O.lost?"stale":""}>${this.page()}</main>
      <nav class="bottom" aria-label="Pages">
        ${[Pe[0],{name:"browse",title:"Browse",icon:E.browse},...Pe.slice(1,4)].map(e=>this.pageLink(e,e.name==="browse"?this.firstNamespace():f(e.name)))}
      </nav>
      ${this.message?i`<div class="toast" role="status">${this.message}</div>`:u}`)}firstNamespace(){return f("browse",this.place.namespace||l.namespaces?.[0]?.id||"")}heading(){let e=Pe.find(t=>t.name===this.place.page);return e?e.title:this.place.namespace?l.title(this.place.namespace):"Namespaces"}pageLink(e,t){return i`<a href=${t} aria-current=${this.place.page===e.name?"page":"false"}>${e.icon}<span>${e.title}</span></a>`}side(){return i`<aside class="side" aria-label="Navigation">
      <a class="brand" href=${f("overview")}>${Fe} Selvedge</a>
      <nav aria-label="Pages">${Pe.map(e=>this.pageLink(e,f(e.name)))}</nav>
      <h2 id="namespaces-heading">Namespaces</h2>
      <nav class="namespaces" aria-labelledby="namespaces-heading">
        ${l.namespaces?l.namespaces.map(e=>this.namespaceLink(e)):[70,110,84].map(e=>i`<a aria-hidden="true"><span class="skeleton" .style=${`width:${e}px`}></span></a>`)}
        ${l.mayAdminister?i`<button class="link new" @click=${$e}>+ New namespace</button>`:u}
      </nav>
      <footer>
        <span class="grow clip" title=${l.session.cluster?`Cluster ${l.session.cluster}`:""}>${this.who()}</span>
        <button class="button icon plain" aria-label=${pe()==="dark"?"Light theme":"Dark theme"} title=${pe()==="dark"?"Light theme":"Dark theme"} @click=${this.switchTheme}>
          ${pe()==="dark"?E.light:E.dark}
        </button>
        ${l.session.signed_in?i`<button class="link" @click=${this.signOut}>Sign out</button>`:i`<span>${l.session.software?le(l.session.software):""}</span>`}
      </footer>
    </aside>`}namespaceLink(e){let t=this.place.namespace===e.id&&["browse","history"].includes(this.place.page);return i`<a href=${f("browse",e.id)} aria-current=${t?"page":"false"} title=${e.title}>
      <span class="clip">${e.title}</span>
      <span class="count">${e.keys!==void 0?m(e.keys):e.counting!==void 0?`${Math.floor(e.counting)} %`:""}</span>
    </a>`}who(){let{session:e}=l,t=e.location||"local";return e.guarded?`${t} · ${e.token?.name||e.token?.grant||"operator"}`:`${t} · open`}top(){let e=["browse","history"].includes(this.place.page),t=this.place.namespace?l.title(this.place.namespace):"";return i`<header class="top">
      <h1 class="clip">
        ${e?i`<span>Namespaces /</span> ${t}`:this.heading()}
      </h1>
      ${this.pill()}
      <button class="find" @click=${this.openPalette} aria-keyshortcuts="Control+K Meta+K">
        ${E.find}<span>Find a key, a namespace, an action</span><kbd aria-hidden="true">${/Mac|iP/.test(navigator.platform)?"⌘K":"Ctrl K"}</kbd>
      </button>
    </header>`}pill(){if(O.lost)return i`<span class="pill wrong">No answer · ${P(O.answered)}</span>`;if(!l.ready)return i`<span class="pill">Connecting</span>`;let e=["Serving",l.session.role??"",l.version?`v ${m(l.version)}`:""].filter(Boolean);return i`<span class="pill well">${e.join(" · ")}</span>`}notices(){if(!O.lost)return l.replaced?i`<div>
            <span>${this.replacement()} Save your edits, then reload.</span>
            <button class="link" @click=${()=>location.reload()}>Reload</button>
          </div>`:u;let e=Math.max(0,Math.ceil((O.next-Date.now())/1e3));return i`<div>
      <span>The server does not answer since ${P(O.answered)}. What you see is from then. Next try in ${R(e,"second")}.</span>
      <button class="link" @click=${()=>O.retry()}>Try now</button>
    </div>`}replacement(){let[e,t]=[le(l.pageSoftware),le(l.session.software)];return e===t?"The server has another build of this page.":`The server now runs release ${t}, and this page is of release ${e}.`}page(){if(l.failure&&!l.namespaces)return i`<div>${I(l.failure,()=>l.start())}</div>`;if(!l.ready||!l.account)return i`<div>${L()}</div>`;let{page:e,namespace:t}=this.place;switch(e){case"browse":return t?i`<page-browse .place=${this.place}></page-browse>`:i`<div class="empty"><h2>No namespace yet</h2><p>A namespace is a named set of keys.</p>
              ${l.mayAdminister?i`<div class="row"><button class="button main" @click=${$e}>New namespace</button></div>`:u}</div>`;case"live":return i`<page-live .place=${this.place}></page-live>`;case"history":return i`<page-history .place=${this.place}></page-history>`;case"analytics":return i`<page-analytics .place=${this.place}></page-analytics>`;case"access":return i`<page-access .place=${this.place}></page-access>`;case"connect":return i`<page-connect .place=${this.place}></page-connect>`;case"settings":return i`<page-settings .place=${this.place}></page-settings>`;case"overview":return i`<page-overview></page-overview>`;default:return i`<div class="empty"><h2>There is no such page</h2><p>The address names the page “${e}”.</p>
          <div class="row"><a class="button" href=${f("overview")}>Overview</a></div></div>`}}};c([d()],Te.prototype,"place",2),c([d()],Te.prototype,"message",2),Te=c([g("selvedge-console")],Te);je();
