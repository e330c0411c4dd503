import{a as Xe,b as ae,c as Ke,d as Ot,e as Y,f as Qe,g as Dt}from"./chunk-JV6LZSUF.js";import{a as de,b as Pe,c as Ye,d as Pt,e as Je,f as Kt}from"./chunk-55IGJWHT.js";import{a as Ze,b as _t,c as Ht}from"./chunk-OSWTJAFH.js";import{$ as Ct,A as ee,B as gt,C as yt,D as bt,E as $t,F as wt,G as Ne,H as je,I as pe,J as Fe,K as ze,L as Le,M as Ae,N as Be,O as xt,P as be,Q as Ge,R as kt,S as Tt,X as Et,Y as St,Z as Mt,_ as Rt,a as i,aa as Nt,b as S,ba as Lt,c as u,ca as At,d as g,da as It,e as y,ea as $e,f as p,fa as c,g as ce,ga as we,h as P,ha as xe,i as he,ia as Ie,j as N,ja as te,k as mt,l as $,m as M,n as B,o as m,p as ye,q as T,r as Ve,s as G,t as L,u as C,v as vt,w as ft,x as b,y as We,z as R}from"./chunk-DQSAGBHI.js";import{a as o}from"./chunk-JFKSI6I7.js";var et="selvedge-theme",tt=matchMedia("(prefers-color-scheme: dark)");function re(){let r=localStorage.getItem(et);return r==="light"||r==="dark"?r:tt.matches?"dark":"light"}function Oe(){document.documentElement.dataset.theme=re()}function qt(){let r=re()==="dark"?"light":"dark";r===(tt.matches?"dark":"light")?localStorage.removeItem(et):localStorage.setItem(et,r),Oe()}tt.addEventListener("change",Oe);var K=r=>i`<svg width="16" height="16" viewBox="0 0 16 16" fill="none" stroke="currentColor" stroke-width="1.4" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true">${r}</svg>`,E={overview:K(S`<rect x="2.5" y="2.5" width="4.2" height="4.2" rx=".6"/><rect x="9.3" y="2.5" width="4.2" height="4.2" rx=".6"/><rect x="2.5" y="9.3" width="4.2" height="4.2" rx=".6"/><rect x="9.3" y="9.3" width="4.2" height="4.2" rx=".6"/>`),live:K(S`<path d="M1.5 8.5h2.7L6.4 3l3 10 2-4.500h3.100"/>`),analytics:K(S`<path d="M2 13.500h12M4 13.500V8.500M8 13.500v-10M12 13.500v-7"/>`),access:K(S`<rect x="3.300" y="7" width="9.400" height="6.700" rx="1.200"/><path d="M5.500 7V4.800a2.500 2.500 0 0 1 5 0V7"/>`),connect:K(S`<path d="M4.700 4.500 1.500 8l3.200 3.500M11.300 4.500 14.500 8l-3.200 3.500M9.200 3 6.800 13"/>`),settings:K(S`<path d="M1.500 5h7M12.500 5h2M1.500 11h2M7.500 11h7"/><circle cx="10.500" cy="5" r="1.700"/><circle cx="5.500" cy="11" r="1.700"/>`),browse:K(S`<path d="M2 3.500h12M2 8h12M2 12.500h8"/>`),find:K(S`<circle cx="7" cy="7" r="4"/><path d="m10 10 3.500 3.500"/>`),arrow:i`<svg class="arrow" width="14" height="8" viewBox="0 0 14 8" fill="currentColor" aria-hidden="true"><path d="M4.500 1.200 9 4 4.500 6.800z"/></svg>`,close:K(S`<path d="m4 4 8 8M12 4l-8 8"/>`),more:K(S`<path d="M3.500 8h.01M8 8h.01M12.500 8h.01" stroke-width="2"/>`),light:K(S`<circle cx="8" cy="8" r="3"/><path d="M8 1.500v1.200M8 13.300v1.200M1.500 8h1.200M13.300 8h1.200M3.400 3.400l.9.9M11.700 11.700l.9.9M3.400 12.600l.9-.9M11.700 4.300l.9-.9"/>`),dark:K(S`<path d="M13.500 9.700A6 6 0 0 1 6.300 2.500a6 6 0 1 0 7.200 7.200Z"/>`),pause:i`<svg width="10" height="10" viewBox="0 0 10 10" fill="currentColor" aria-hidden="true"><path d="M1 0h3v10H1zM6 0h3v10H6z"/></svg>`,play:i`<svg width="10" height="10" viewBox="0 0 10 10" fill="currentColor" aria-hidden="true"><path d="M1.500 0 9.500 5l-8 5z"/></svg>`},De=i`<svg width="18" height="18" viewBox="0 0 16 16" aria-hidden="true"><rect x="1" y="1.500" width="8.500" height="13" fill="var(--indigo)"/><path d="M9.500 1.500H15v13H9.500z" fill="var(--grey-ground)"/><path d="M12.200 1.500v2.300M12.200 5.100v2.300M12.200 8.700V11M12.200 12.300v2.200" stroke="var(--thread)" stroke-width="1.300"/></svg>`;var cs="overview";function hs(r){let[n="",e=""]=ps(r.replace(/^#?\/?/,"")),[t,s]=n.split("/"),a={};for(let[l,h]of new URLSearchParams(e))a[l]=h;return{page:t||cs,namespace:ds(s??""),parameters:a}}function ps(r){let n=r.indexOf("?");return n<0?[r,""]:[r.slice(0,n),r.slice(n+1)]}function ds(r){try{return decodeURIComponent(r)}catch{return r}}function f(r,n="",e={}){let t=new URLSearchParams;for(let[l,h]of Object.entries(e))h!==void 0&&h!==""&&t.set(l,String(h));let s=n?`${r}/${encodeURIComponent(n)}`:r,a=t.toString();return`#/${s}${a?`?${a}`:""}`}function _e(){return hs(location.hash)}function x(r){let n=_e();return f(n.page,n.namespace,{...n.parameters,...r})}function v(r,n=!1){r!==location.hash&&(n?(history.replaceState(null,"",r),dispatchEvent(new HashChangeEvent("hashchange"))):location.hash=r)}async function ue(){let r="",n=await new xe({heading:"New namespace",label:"Title",action:"Create",hint:"Any text, such as sessions. It can be changed later."},async e=>{r=(await bt(c.account,e)).id}).open();n&&(await c.refresh(),M(`Created ${n}.`),v(f("browse",r)))}var us=8,ms=60,J=class extends we{constructor(e,t){super();this.commands=e;this.namespace=t;this.text="";this.chosen=0;this.keys=[]}heading(){return""}body(){return i``}actions(){return i``}async open(){let e=await super.open();return e?.run(),e}closed(){this.request?.abort()}get found(){let e=this.text.toLowerCase().split(/\s+/).filter(Boolean);return[...this.commands.filter(s=>e.every(a=>s.text.toLowerCase().includes(a))).slice(0,ms),...this.keys]}async typed(e){this.text=e.target.value,this.chosen=0,this.request?.abort();let t=this.text.trim();if(!this.namespace||!t){this.keys=[];return}let s=new AbortController;this.request=s;try{let a=await pe(this.namespace,t,{from:""},us,s.signal);if(!s.signal.aborted&&"rows"in a){let l=a.rows.map(d=>({text:b(d.key),hint:"key",run:()=>v(f("browse",this.namespace,{key:d.key}))})),h={text:`All keys that begin with ${b(t)}`,hint:"prefix",run:()=>v(f("browse",this.namespace,{prefix:t}))};this.keys=l.length>0?[...l,h]:[]}}catch{}}key(e){let{found:t}=this;if(e.key==="ArrowDown"||e.key==="ArrowUp"){e.preventDefault();let s=e.key==="ArrowDown"?1:t.length-1;this.chosen=t.length?(this.chosen+s)%t.length:0,this.updateComplete.then(()=>this.querySelector("[aria-selected=true]")?.scrollIntoView({block:"nearest"}))}else e.key==="Enter"&&(e.preventDefault(),this.close(t[this.chosen]))}render(){let{found:e}=this;return i`<dialog class="palette" aria-label="Find" @click=${t=>t.target===t.currentTarget&&this.close()}>
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
    </dialog>`}};o([p()],J.prototype,"text",2),o([p()],J.prototype,"chosen",2),o([p()],J.prototype,"keys",2),J=o([g("command-palette")],J);var vs=[["Ctrl K or ⌘K","find a key, a namespace, an action"],["/","filter"],["↑ ↓","next and previous key or group"],["← →","close and open a group"],["Home, End","first and last key"],["Enter","open"],["Space","select a key"],["E","edit the value"],["Ctrl S or ⌘S","save"],["Esc","close"],["?","this list"]],ne=class extends we{heading(){return"Keys"}body(){return i`<table class="head-first"><tbody>
      ${vs.map(([n,e])=>i`<tr><td><kbd>${n}</kbd></td><td>${e}</td></tr>`)}
    </tbody></table>`}actions(){return i`<button class="button main" type="button" @click=${()=>this.close()}>Close</button>`}};ne=o([g("keys-dialog")],ne);function O(r=6){let n=[62,48,71,55,40,66];return i`<div class="page" role="status" aria-label="Loading">
    ${Array.from({length:r},(e,t)=>i`<span class="skeleton" .style=${`width:${n[t%n.length]}%`}></span>`)}
  </div>`}function D(r,n){if(r instanceof ce&&r.status===403)return ke(r.message);if(r instanceof ce&&r.code==="no_route")return i`<div class="empty">
      <h2>This server is older than the console</h2>
      <p>It cannot answer this. Upgrade the server, or reload the page to get its own console.</p>
    </div>`;let e=r instanceof ce&&r.code==="unreachable";return i`<div class="empty" role="alert">
    <h2>${e?"The server does not answer":"This could not be loaded"}</h2>
    <p>${e?"Nothing is lost. The console retries automatically.":r.message}</p>
    <div class="row"><button class="button" @click=${n}>Try again</button></div>
  </div>`}function ke(r){return i`<div class="empty">
    <h2>Your token does not allow this</h2>
    <p>${r}</p>
  </div>`}var me=class extends ${constructor(){super(...arguments);this.trouble="";this.busy=!1}async submit(e){e.preventDefault();let s=e.target.querySelector("input");this.busy=!0,this.trouble="";try{await gt(s.value.trim()),s.value="",await c.start()}catch(a){this.trouble=P(a,401)?"This token is not valid: it is mistyped, revoked or expired.":a.message,s.select()}this.busy=!1}render(){return i`<main class="sign-in">
      <form class="card" @submit=${this.submit}>
        <h1 class="brand">${De} Selvedge</h1>
        <p class="mute">This server requires a token. An operator creates one with <code>selvedge token create</code>.</p>
        <label class="stack"><span class="label">Token</span>
          <input class="field mono" type="password" name="token" autocomplete="current-password" required autofocus
            aria-invalid=${this.trouble?"true":"false"} aria-describedby="sign-in-trouble" />
        </label>
        <div id="sign-in-trouble" role="alert">${this.trouble?i`<p class="wrong">${this.trouble}</p>`:u}</div>
        <button class="button main" ?disabled=${this.busy}>Sign in</button>
      </form>
    </main>`}};o([p()],me.prototype,"trouble",2),o([p()],me.prototype,"busy",2),me=o([g("sign-in-page")],me);var Te={width:148,height:24};function st(r,n){let e=Math.max(...r,1),t=Te.width/Math.max(1,r.length-1),s=r.map((a,l)=>`${l?"L":"M"}${(l*t).toFixed(1)} ${(Te.height-1-a/e*(Te.height-2)).toFixed(1)}`).join("");return i`<svg class="spark" viewBox="0 0 ${Te.width} ${Te.height}" preserveAspectRatio="none" aria-hidden="true"><path class="series-${n}" d=${s||"M0 0"}></path></svg>`}var k={width:600,height:190,left:40,right:8,top:10,bottom:22},Ut=4,F=class extends ${constructor(){super(...arguments);this.times=[];this.series=[];this.format=String;this.label=""}x(e){return k.left+e/Math.max(1,this.times.length-1)*(k.width-k.left-k.right)}get most(){let e=Math.max(...this.series.flatMap(t=>t.values.map(s=>s??0)),0);return e===0?1:e*1.08}y(e,t){return k.height-k.bottom-e/t*(k.height-k.bottom-k.top)}indexAt(e){let t=this.querySelector("svg").getBoundingClientRect(),a=((e.clientX-t.left)/t.width*k.width-k.left)/(k.width-k.left-k.right);return Math.max(0,Math.min(this.times.length-1,Math.round(a*(this.times.length-1))))}release(){if(this.from!==void 0&&this.at!==void 0&&Math.abs(this.at-this.from)>1){let[e,t]=[Math.min(this.from,this.at),Math.max(this.from,this.at)];this.dispatchEvent(new CustomEvent("zoom",{detail:{from:this.times[e],to:this.times[t]}}))}this.from=void 0}path(e,t){let s="",a=!1;return e.forEach((l,h)=>{l===null?a=!1:(s+=`${a?"L":"M"}${this.x(h).toFixed(1)} ${this.y(l,t).toFixed(1)}`,a=!0)}),s||"M0 0"}hours(e){let t=new Date(this.times[e]);return this.times.at(-1)-this.times[0]>48*36e5?t.toLocaleDateString(void 0,{day:"numeric",month:"short"}):t.toLocaleTimeString(void 0,{hour:"2-digit",minute:"2-digit",hour12:!1})}render(){let{most:e}=this,t=[.05,.23,.41,.59,.77,.95].map(a=>Math.round(a*(this.times.length-1))),s=[];for(let a=0;a<=Ut;a++){let l=e/Ut*a;s.push(S`<line class="grid" x1=${k.left} x2=${k.width-k.right} y1=${this.y(l,e)} y2=${this.y(l,e)}></line>
        <text x=${k.left-6} y=${this.y(l,e)+3} text-anchor="end">${this.format(l)}</text>`)}return i`<div class="chart">
      <svg viewBox="0 0 ${k.width} ${k.height}" role="img" aria-label=${this.label}
        @pointermove=${a=>this.at=this.indexAt(a)}
        @pointerdown=${a=>this.from=this.indexAt(a)}
        @pointerup=${this.release}
        @pointerleave=${()=>{this.at=void 0,this.from=void 0}}>
        ${s}
        ${this.times.length?t.map(a=>S`<text x=${this.x(a)} y=${k.height-6} text-anchor="middle">${this.hours(a)}</text>`):""}
        ${this.series.map((a,l)=>S`<path class="series-${l}" d=${this.path(a.values,e)}></path>`)}
        ${this.at===void 0?"":S`<line class="grid" x1=${this.x(this.at)} x2=${this.x(this.at)} y1=${k.top} y2=${k.height-k.bottom}></line>`}
      </svg>
      <p class="mute reading">${this.at===void 0?" ":`${this.hours(this.at)}: ${this.series.map(a=>`${a.name} ${a.values[this.at]==null?"none":this.format(a.values[this.at])}`).join(" · ")}`}</p>
    </div>`}};o([y({attribute:!1})],F.prototype,"times",2),o([y({attribute:!1})],F.prototype,"series",2),o([y({attribute:!1})],F.prototype,"format",2),o([y()],F.prototype,"label",2),o([p()],F.prototype,"at",2),o([p()],F.prototype,"from",2),F=o([g("line-chart")],F);var fs=2e3,rt=15e3,gs=90,X={width:132,height:46,row:66},at={width:680,column:190},ve=class extends ${constructor(){super(...arguments);this.forbidden=!1;this.reads=[];this.others=[]}connectedCallback(){super.connectedCallback(),this.listen(c,"change",()=>this.requestUpdate()),this.every(fs,()=>this.poll()),this.poll()}async poll(){await c.refresh();let e=c.overview?.requests;if(e){let t={...e,at:performance.now()},{earlier:s}=this,a=s?(t.at-s.at)/1e3:0;s&&a>=1&&(Vt(this.reads,Math.max(0,t.reads-s.reads)/a),Vt(this.others,Math.max(0,t.others-s.others)/a)),(!s||a>=1)&&(this.earlier=t)}try{this.status=await Ne()}catch(t){this.forbidden=P(t,403)}this.requestUpdate()}render(){let{namespaces:e,overview:t}=c;return e?i`<div class="page">
      ${this.figures(t)}
      <div class="two">
        <section class="card" aria-labelledby="map-heading">
          <header><h2 id="map-heading">Where the data is</h2><span class="mute">${this.mapWords()}</span></header>
          <div class="body">${this.status?ys(it(this.status)):i`<p class="mute">${this.forbidden?"The map requires a token that may read everything.":"Loading"}</p>`}</div>
        </section>
        <section class="card" aria-labelledby="attention-heading">
          <header><h2 id="attention-heading">Needs attention</h2></header>
          <div class="body">${this.attention(t)}</div>
        </section>
      </div>
      ${this.table(e)}
    </div>`:O()}figures(e){if(!e)return u;let t=this.status?it(this.status).slice(1):[],s=Math.max(...t.map(d=>d.status.propagation?.p99_millis??0),0),a=e.namespaces.reduce((d,w)=>d+(w.keys??0),0),l=e.namespaces.reduce((d,w)=>d+(w.bytes??0),0),h=e.namespaces.some(d=>d.keys===void 0);return i`<div class="figures">
      ${fe("Reads a second",this.reads.length?ye(this.reads.at(-1)):"–",st(this.reads,0))}
      ${fe("Other requests a second",this.others.length?ye(this.others.at(-1)):"–",st(this.others,1))}
      ${fe("Keys",h?`${m(a)} so far`:m(a),i`<span class="mute">${h?"counting":"exact"} · ${T(l)} stored</span>`)}
      ${t.length>0?fe("Visible everywhere, p99",Ve(s),i`<span class="mute">over ${t.length} ${t.length===1?"edge":"edges"}, last 5 min</span>`):e.disk?fe("Free on disk",T(e.disk.free_bytes),i`<span class="mute">of ${T(e.disk.total_bytes)} · ${T(e.disk.stored_bytes)} stored here</span>`):fe("Edges","0",i`<span class="mute">none follows this server</span>`)}
    </div>`}mapWords(){if(!this.status)return"";let e=it(this.status).length-1;return`live · ${e===0?"no edge follows":`${e} ${e===1?"edge":"edges"}`}`}attention(e){let t=[...e?.attention??[]];for(let s of this.status?.damage??[])t.push({level:"wrong",subject:"damage",text:s});return this.status?.clock_doubt&&t.push({level:"soon",subject:"clock",text:this.status.clock_doubt}),t.length===0?i`<p class="mute">${e||this.status?"Nothing. All is well.":"This requires a token that may read everything."}</p>`:i`<ul class="attention">
      ${t.map(s=>i`<li><span class="pill ${s.level==="wrong"?"wrong":s.level==="soon"?"soon":""}">${s.subject}</span>
        <div>${s.text}${s.detail?i`<p>${s.detail}</p>`:u}</div></li>`)}
    </ul>`}table(e){return e.length===0?i`<section class="card empty"><h2>No namespace yet</h2><p>A namespace is a named set of keys.</p>
        ${c.mayAdminister?i`<div class="row"><button class="button main" @click=${ue}>New namespace</button></div>`:u}</section>`:i`<section class="card scroll-x" aria-label="Namespaces">
      <table class="head-first">
        <thead><tr><th scope="col">Namespace</th><th scope="col" class="right">Keys</th><th scope="col" class="right">Stored</th><th scope="col" class="right optional">Id</th></tr></thead>
        <tbody>
          ${e.map(t=>i`<tr>
              <td><a href=${f("browse",t.id)}>${t.title}</a></td>
              <td class="right">${t.keys!==void 0?m(t.keys):t.counting!==void 0?i`<span class="mute">counting, ${Math.floor(t.counting)} %</span>`:"–"}</td>
              <td class="right">${t.bytes===void 0?"–":T(t.bytes)}</td>
              <td class="right mute mono optional">${t.id}</td>
            </tr>`)}
        </tbody>
      </table>
    </section>`}};o([p()],ve.prototype,"status",2),o([p()],ve.prototype,"forbidden",2),ve=o([g("page-overview")],ve);function Vt(r,n){r.push(n),r.length>gs&&r.shift()}function fe(r,n,e){return i`<section class="card figure"><h2 class="mute">${r}</h2><p class="number">${n}</p>${e}</section>`}function it(r){let n=[],e=0,t=Math.max(at.column,(at.width-X.width)/Math.max(1,Wt(r))),s=(a,l,h,d)=>{let w=n.length;n.push(void 0);let U={status:a,silent:l,behind:Math.max(0,r.version-a.version),x:h*t,y:0,from:d};n[w]=U;let le=(a.edges??[]).map(Ce=>s(Ce.status,Ce.told_millis_ago,h+1,U));return U.y=le.length>0?(le[0]+le.at(-1))/2:e++*X.row,U.y};return s(r,0,0),n}function Wt(r){return Math.max(0,...(r.edges??[]).map(n=>1+Wt(n.status)))}function jt({status:r,silent:n}){return n>rt||r.connected===!1?"wrong":r.age_millis===null||r.age_millis>5e3?"soon":""}function ys(r){let n=Math.max(...r.map(s=>s.x))+X.width,e=Math.max(...r.map(s=>s.y))+X.height,t=Math.max(n,at.width);return i`<svg class="map" viewBox="-2 -12 ${t+4} ${Math.max(e,160)+24}" role="img" aria-label=${r.map(Ft).join(". ")}>
    ${r.map(s=>s.from?ws(s.from,s):u)} ${r.map(bs)}
  </svg>`}function Ft({status:r,behind:n,silent:e}){let t=r.age_millis===null?"age unknown":`age ${G(r.age_millis)}`;return`${r.location}: ${r.role}, ${r.role==="origin"?`version ${m(r.version)}`:`${m(n)} behind, ${e>rt?`silent for ${G(e)}`:t}`}`}function bs(r){let{status:n,x:e,y:t,behind:s,silent:a}=r,h=!r.from?`${n.role} · v ${m(n.version)}`:a>rt?`silent for ${G(a)}`:`${m(s)} behind · ${n.age_millis===null?"age unknown":G(n.age_millis)}`;return S`<g class=${jt(r)} transform="translate(${e} ${t})">
    <title>${Ft(r)}${n.trouble?`. ${n.trouble}`:""}</title>
    <rect width=${X.width} height=${X.height} rx="7"></rect>
    <circle cx="15" cy="17" r="4"></circle>
    <text x="25" y="21">${$s(n.location)}</text>
    <text x="15" y="37" class="small">${h}</text>
  </g>`}function $s(r){return r.length>14?`${r.slice(0,13)}…`:r}function ws(r,n){let[e,t]=[r.x+X.width,r.y+X.height/2],[s,a]=[n.x,n.y+X.height/2],l=(s-e)/2,h=n.status.propagation&&n.status.propagation.count>0?Ve(n.status.propagation.p50_millis):"";return S`<path class="wire ${jt(n)}" d="M${e} ${t} C${e+l} ${t} ${s-l} ${a} ${s} ${a}"></path>
    <text class="small on-wire" text-anchor="middle" x=${(e+s)/2} y=${(t+a)/2+4}>${h}<title>${h?`half of the changes are visible at ${n.status.location} within this time`:""}</title></text>`}function Ee(r){let n=r.target,e=document.querySelector(`[popovertarget="${n.id}"]`);if(r.newState==="open"&&e){let t=e.getBoundingClientRect();n.style.top=`${Math.min(t.bottom+4,innerHeight-n.offsetHeight-8)}px`,n.style.left=`${Math.max(8,Math.min(t.right-n.offsetWidth,innerWidth-n.offsetWidth-8))}px`}}var A=100,xs=200,ks=1e3,He=class extends EventTarget{constructor(e,t){super();this.namespace=e;this.prefix=t;this.total=0;this.at="";this.version=0;this.loaded=!1;this.pages=new Map;this.requests=new Map;this.wanted=[0,A];this.started=[];this.startComplete=!1;this.reading=!1;this.ended=!1;this.timer=0;this.read(0)}end(){this.ended=!0,clearTimeout(this.timer),this.requests.forEach(e=>e.abort())}row(e){return this.counting!==void 0?this.started[e]:this.pages.get(Math.floor(e/A))?.[e%A]}want(e,t){this.wanted=[e,t],clearTimeout(this.timer),this.timer=window.setTimeout(()=>this.fill(),this.row(e)&&this.row(Math.max(e,t-1))?0:40)}fill(){let[e,t]=this.wanted;if(this.counting!==void 0){t>=this.started.length&&!this.startComplete&&this.readStart();return}let s=new Set;for(let a=Math.floor(e/A);a<=Math.floor(Math.max(e,t-1)/A);a++)s.add(a);for(let[a,l]of this.requests)s.has(a)||l.abort();for(let a of s)!this.pages.has(a)&&!this.requests.has(a)&&a*A<this.total&&this.read(a)}refresh(){let[e,t]=this.wanted;for(let s of this.pages.keys())(s<Math.floor(e/A)||s>Math.floor(t/A))&&this.pages.delete(s);if(this.counting===void 0)for(let s=Math.floor(e/A);s<=Math.floor(Math.max(e,t-1)/A);s++)this.requests.has(s)||this.read(s)}async read(e){let t=new AbortController;this.requests.set(e,t);try{let s={position:e*A},a=await pe(this.namespace,this.prefix,s,A,t.signal);ee(a)?this.counts(a.counting.percent):this.take(e,a)}catch(s){this.fail(s)}finally{this.requests.delete(e)}this.changed()}take(e,t){this.counting!==void 0&&(this.counting=void 0,queueMicrotask(()=>this.fill())),this.failure=void 0,this.loaded=!0,this.total=t.total??0,this.at=t.at,this.version=t.version,this.pages.delete(e),this.pages.set(e,t.rows),this.pages.size>xs&&this.pages.delete(this.pages.keys().next().value)}counts(e){this.counting=e,this.started.length===0&&this.readStart(),window.setTimeout(()=>!this.ended&&void this.read(0),ks)}async readStart(){if(!this.reading){this.reading=!0;try{let e=this.started.at(-1),t=await pe(this.namespace,this.prefix,{from:e?`${e.key}\0`:""},A);"rows"in t&&this.counting!==void 0&&(this.started.push(...t.rows),this.startComplete=t.complete,this.total=this.started.length,this.at=t.at,this.loaded=!0)}catch(e){this.fail(e)}finally{this.reading=!1}this.changed()}}fail(e){he(e)||(this.failure=e)}changed(){this.ended||this.dispatchEvent(new Event("change"))}async positionOf(e){let t=await pe(this.namespace,this.prefix,{from:e},1);return"rows"in t?t.position:void 0}};function W(){return new URL(".",document.baseURI).href.replace(/\/$/,"")}function Ts(r){return`'${r.replaceAll("'","'\\''")}'`}function zt(r){return JSON.stringify(r).replace(/[\u007f-\uffff]/g,n=>`\\u${n.charCodeAt(0).toString(16).padStart(4,"0")}`)}var qe=()=>c.session.guarded,nt=()=>qe()?' -H "Authorization: Bearer $SELVEDGE_TOKEN"':"",Bt=(r,n)=>`${W()}/v1/namespaces/${r}/values/${encodeURIComponent(n).replaceAll("'","%27")}`,Gt=()=>`export CLOUDFLARE_API_BASE_URL=${W()}/client/v4
export CLOUDFLARE_API_TOKEN=${qe()?"$SELVEDGE_TOKEN":"any"} CLOUDFLARE_ACCOUNT_ID=${c.account}`,ot=(r,n)=>`try (Selvedge selvedge = Selvedge.connect(URI.create("${W()}")${qe()?', System.getenv("SELVEDGE_TOKEN")':""})) {
  selvedge.namespace(${zt(r)}).${n};
}`;function Yt(r,n,e){return[{name:"curl",text:`curl${nt()} '${Bt(r,e)}'`},{name:"wrangler",text:`npx wrangler kv key get ${Ts(e)} --namespace-id ${r} --remote`},{name:"JavaScript",text:`const value = await env.KV.get(${JSON.stringify(e)});`},{name:"Java",text:ot(n,`getText(${zt(e)}).ifPresent(System.out::println)`)}]}function Es(r,n){return[{name:"curl",text:`curl -X PUT${nt()} -d hello '${Bt(r,"greeting")}'`},{name:"wrangler",text:`${Gt()}
npx wrangler kv key put greeting hello --namespace-id ${r} --remote`},{name:"JavaScript",text:'await env.KV.put("greeting", "hello");'},{name:"Java",text:ot(n,'put("greeting", "hello", WriteOptions.PLAIN)')}]}function Jt(r,n){let e=new URL(W()),t=n.replace(/\W+/g,"_").toUpperCase()||"KV";return[{name:"wrangler.toml",text:`kv_namespaces = [{ binding = "${t}", id = "${r}" }]

# For wrangler dev: npm install --save-dev @selvedge/workers
[[unsafe.bindings]]
name = "SELVEDGE"
type = "selvedge"
[unsafe.bindings.dev.plugin]
package = "@selvedge/workers/plugin"
name = "selvedge"
[unsafe.bindings.dev.options]
url = "${W()}"`},{name:"wrangler.jsonc",text:JSON.stringify({kv_namespaces:[{binding:t,id:r}],unsafe:{bindings:[{name:"SELVEDGE",type:"selvedge",dev:{plugin:{package:"@selvedge/workers/plugin",name:"selvedge"},options:{url:W()}}}]}},null,2)},{name:"cloudflare.config.ts",text:`import { bindings } from "@cloudflare/config/experimental-config";

export const env = { ${t}: bindings.kv({ id: "${r}" }) };`},{name:"workerd (capnp)",text:`# Or let the command write the whole file: selvedge worker-config wrangler.toml --server ${W()}
( name = "kv-${t}",
  external = (
    address = "${e.host}${e.port?"":e.protocol==="https:"?":443":":80"}",
    ${e.protocol==="https:"?"https = (options = (":"http = ("}injectRequestHeaders = [
      (name = "CF-KV-Namespace-Id", value = "${r}"),${qe()?`
      (name = "Authorization", value = "Bearer TOKEN"),`:""}
    ]${e.protocol==="https:"?'), tlsOptions = (trustBrowserCas = true), certificateHost = "'+e.hostname+'")':")"} ) ),

# In the Worker:
bindings = [ (name = "${t}", kvNamespace = "kv-${t}") ],`},{name:"wrangler",text:`${Gt()}
npx wrangler kv key list --namespace-id ${r} --remote`},{name:"Java",text:ot(n,'put("greeting", "hello", WriteOptions.PLAIN)')},{name:"curl",text:`curl${nt()} '${W()}/v1/namespaces/${r}/values/greeting'`},{name:"A Worker on this server",text:`selvedge dev . --server ${W()}`}]}function lt(r){return i`<section class="stack">
    <h2 class="label">${r.name}</h2>
    <div class="code">
      <pre tabindex="0" role="region" aria-label=${r.name}>${r.text}</pre>
      <button class="button" aria-label="Copy ${r.name}" @click=${()=>B(r.text,r.name)}>Copy</button>
    </div>
  </section>`}function Xt(r,n){return i`<div class="page narrow first-key">
    <div>
      <h2>No key yet</h2>
      <p class="mute">Put the first one here with “New entry”, import a file, or use a client:</p>
    </div>
    ${Es(r,n).map(lt)}
  </div>`}var ct=8e6,Qt=8,z=class extends ${constructor(){super(...arguments);this.total=0;this.rowHeight=30;this.item=()=>i``;this.first=0;this.last=0;this.shift=0;this.lastTop=0}connectedCallback(){super.connectedCallback(),this.listen(this,"scroll",()=>this.moved()),this.observer=new ResizeObserver(()=>this.measure()),this.observer.observe(this)}disconnectedCallback(){super.disconnectedCallback(),this.observer?.disconnect()}get listHeight(){return this.total*this.rowHeight}get spaceHeight(){return Math.min(this.listHeight,ct)}get top(){return this.scrollTop+this.shift}get position(){return Math.min(Math.ceil(this.top/this.rowHeight),Math.max(0,this.total-1))}get visibleRows(){return Math.max(1,Math.floor(this.clientHeight/this.rowHeight))}moved(){let e=Math.abs(this.scrollTop-this.lastTop);if(this.listHeight>ct){let t=this.spaceHeight-this.clientHeight;if(e>this.clientHeight||this.scrollTop<=0||this.scrollTop>=t){let s=Math.min(1,Math.max(0,this.scrollTop/t));this.shift=Math.round(s*(this.listHeight-this.spaceHeight))}}this.lastTop=this.scrollTop,this.measure()}showAt(e){if(this.isUpdatePending){this.updateComplete.then(()=>this.showAt(e));return}let t=Math.max(0,this.listHeight-this.clientHeight),s=Math.min(Math.max(0,e*this.rowHeight),t),a=t===0?0:s/t;this.shift=Math.round(a*(this.listHeight-this.spaceHeight)),this.lastTop=s-this.shift,this.scrollTop=this.lastTop,this.lastTop=this.scrollTop,this.measure()}reveal(e){let t=e*this.rowHeight;t<this.top?this.showAt(e):t+this.rowHeight>this.top+this.clientHeight&&this.showAt(e-this.visibleRows+1)}measure(){let e=Math.max(0,Math.floor(this.top/this.rowHeight)-Qt),t=Math.min(this.total,Math.ceil((this.top+this.clientHeight)/this.rowHeight)+Qt);this.first=e,this.last=Math.max(e,t),this.dispatchEvent(new CustomEvent("range",{detail:{first:this.first,last:this.last,position:this.position}}))}updated(e){(e.has("total")||e.has("rowHeight"))&&(this.listHeight<=ct&&(this.shift=0),this.measure())}render(){let e=[];for(let s=this.first;s<Math.min(this.last,this.total);s++)e.push(this.item(s));let t=this.first*this.rowHeight-this.shift;return i`<div class="space" role="presentation" .style=${`height:${this.spaceHeight}px`}>
      <div role="presentation" .style=${`top:${t}px`}>${e}</div>
    </div>`}};o([y({type:Number})],z.prototype,"total",2),o([y({type:Number})],z.prototype,"rowHeight",2),o([y({attribute:!1})],z.prototype,"item",2),o([p()],z.prototype,"first",2),o([p()],z.prototype,"last",2),o([p()],z.prototype,"shift",2),z=o([g("long-list")],z);var Ss=1e3,Ms=15,Rs=1e3,_=class extends ${constructor(){super(...arguments);this.namespace="";this.delimiter=":";this.chosen="";this.branches=new Map;this.open=new Set([""]);this.active=0;this.at="";this.generation=0}willUpdate(e){e.has("namespace")||e.has("delimiter")?(this.branches=new Map,this.open=new Set([""]),this.generation++,this.active=0,this.reveal()):e.has("chosen")&&this.reveal()}async reveal(){await this.load("");for(let t=this.chosen.indexOf(this.delimiter);t>=0;t=this.chosen.indexOf(this.delimiter,t+1)){let s=this.chosen.slice(0,t+this.delimiter.length);s!==this.chosen&&(this.open.add(s),await this.load(s))}let e=this.nodes.findIndex(t=>t.group.prefix===this.chosen&&!t.more);e>=0&&(this.active=e),this.requestUpdate()}async refresh(){for(let e of this.open)this.branches.has(e)&&await this.load(e,!0)}async load(e,t=!1,s){let a=this.branches.get(e);if(a?.loading||a&&!t&&s===void 0)return;let{generation:l}=this,h=a??{groups:[],keys:0,loading:!0};h.loading=!0,h.failed=void 0,this.branches.set(e,h);try{let d=await this.request(e,s);l===this.generation&&(h.groups=s===void 0?d.children:[...h.groups,...d.children],h.keys=(s===void 0?0:h.keys)+d.keys,h.next=d.next,this.at=d.at)}catch(d){he(d)||(h.failed=d.message)}h.loading=!1,this.requestUpdate()}async request(e,t){let{generation:s}=this;for(;;){let a=await je(this.namespace,e,{delimiter:this.delimiter},t);if(!ee(a)&&a.children.length===0&&e&&a.count>=Rs&&(a=await je(this.namespace,e,{characters:1},t)),!ee(a))return this.counting=void 0,a;if(this.counting=a.counting.percent,await new Promise(l=>setTimeout(l,Ss)),s!==this.generation||!this.isConnected)throw new DOMException("another tree is shown","AbortError")}}get nodes(){let e=[],t=(s,a)=>{let l=this.branches.get(s);for(let h of l?.groups??[])e.push({group:h,parent:s,level:a}),this.open.has(h.prefix)&&t(h.prefix,a+1);l?.next!==void 0&&e.push({group:{prefix:s,count:0,bytes:0},parent:s,level:a,more:!0})};return t("",1),e}activate(e){this.active=e,this.querySelector("long-list")?.reveal(e)}choose(e){e.more?this.load(e.parent,!1,this.branches.get(e.parent).next):this.dispatchEvent(new CustomEvent("choose",{detail:e.group.prefix}))}toggle(e,t=!this.open.has(e.group.prefix)){e.more||(t?(this.open.add(e.group.prefix),this.load(e.group.prefix)):this.open.delete(e.group.prefix),this.requestUpdate())}key(e){let{nodes:t}=this,s=t[this.active];if(!s)return;let a=this.open.has(s.group.prefix)&&!s.more;switch(e.key){case"ArrowDown":this.activate(Math.min(t.length-1,this.active+1));break;case"ArrowUp":this.activate(Math.max(0,this.active-1));break;case"Home":this.activate(0);break;case"End":this.activate(t.length-1);break;case"ArrowRight":a?this.activate(Math.min(t.length-1,this.active+1)):this.toggle(s,!0);break;case"ArrowLeft":if(a)this.toggle(s,!1);else{let l=t.findIndex(h=>h.group.prefix===s.parent&&!h.more);this.activate(Math.max(0,l))}break;case"Enter":case" ":this.choose(s);break;default:return}e.preventDefault()}row(e,t){let{group:s,parent:a,level:l,more:h}=e,d=this.open.has(s.prefix)&&!h;return i`<div
      class="node"
      id="node-${t}"
      role="treeitem"
      aria-level=${l}
      aria-expanded=${h?u:d?"true":"false"}
      aria-selected=${!h&&s.prefix===this.chosen?"true":"false"}
      .style=${`padding-left:${8+(l-1)*Ms}px`}
      title=${h?"":b(s.prefix)}
      @click=${w=>{this.active=t,w.target.closest(".arrow")?this.toggle(e):(!h&&(!d||s.prefix===this.chosen)&&this.toggle(e),this.choose(e))}}
    >
      ${h?i`<span class="arrow"></span><span class="mute">more groups</span>`:i`${E.arrow}<span class="clip">${b(s.prefix.slice(a.length))}</span><span class="count">${m(s.count)}</span>`}
    </div>`}get state(){return this.counting!==void 0?`counting, ${Math.floor(this.counting)} %`:this.at?"exact":""}updated(){this.dispatchEvent(new CustomEvent("state",{detail:{text:this.state,title:this.at?`as of ${L(this.at)}`:""}}))}render(){let{nodes:e}=this,t=this.branches.get("");return e.length===0?i`<div class="empty">
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
    ></long-list>`}};o([y()],_.prototype,"namespace",2),o([y()],_.prototype,"delimiter",2),o([y()],_.prototype,"chosen",2),o([p()],_.prototype,"branches",2),o([p()],_.prototype,"open",2),o([p()],_.prototype,"active",2),o([p()],_.prototype,"counting",2),o([p()],_.prototype,"at",2),_=o([g("key-tree")],_);function ht(r,n){let e=0;for(;e<r.length&&e<n.length&&r[e]===n[e];)e++;let t=0;for(;t<r.length-e&&t<n.length-e&&r[r.length-1-t]===n[n.length-1-t];)t++;let s=a=>({kind:"same",text:a});return[...r.slice(0,e).map(s),...Cs(r.slice(e,r.length-t),n.slice(e,n.length-t)),...r.slice(r.length-t).map(s)]}function Cs(r,n){let e=()=>[...r.map(d=>({kind:"gone",text:d})),...n.map(d=>({kind:"add",text:d}))];if(r.length===0||n.length===0||r.length*n.length>4e6)return e();let t=n.length+1,s=new Uint32Array((r.length+1)*t);for(let d=r.length-1;d>=0;d--)for(let w=n.length-1;w>=0;w--)s[d*t+w]=r[d]===n[w]?s[(d+1)*t+w+1]+1:Math.max(s[(d+1)*t+w],s[d*t+w+1]);let a=[],l=0,h=0;for(;l<r.length&&h<n.length;)r[l]===n[h]?(a.push({kind:"same",text:r[l]}),l++,h++):s[(l+1)*t+h]>=s[l*t+h+1]?a.push({kind:"gone",text:r[l++]}):a.push({kind:"add",text:n[h++]});return[...a,...r.slice(l).map(d=>({kind:"gone",text:d})),...n.slice(h).map(d=>({kind:"add",text:d}))]}function Zt(r,n){let e=[],t=0,s;for(let a of ht(r,n)){if(a.kind==="same"){t++,s=void 0;continue}s||(s={start:t,end:t,lines:[]},e.push(s)),a.kind==="gone"?s.end=++t:s.lines.push(a.text)}return e}function es(r,n,e){let t=r.split(`
`),s=[...Zt(t,n.split(`
`)),...Zt(t,e.split(`
`))].sort((d,w)=>d.start-w.start),a=[],l=0,h;for(let d of s){if(h&&d.start<=h.end){if(d.start===h.start&&d.end===h.end&&d.lines.join(`
`)===h.lines.join(`
`))continue;return}a.push(...t.slice(l,d.start),...d.lines),l=d.end,h=d}return[...a,...t.slice(l)].join(`
`)}function is(r,n,e){let t=ts("the value",r.text,n.text,e.text),s=ts("metadata",r.metadata,n.metadata,e.metadata),a=as("expiry",r.expires,n.expires,e.expires);return{draft:{text:t.mine,metadata:s.mine,expires:a.mine},withTheirs:{text:t.theirs,metadata:s.theirs,expires:a.theirs},clashes:[...t.clashes,...s.clashes,...a.clashes],theirs:ss(r,e),mine:ss(r,n)}}function as(r,n,e,t){return e===t||n===t?{mine:e,theirs:e,clashes:[]}:n===e?{mine:t,theirs:t,clashes:[]}:{mine:e,theirs:t,clashes:[r]}}function ts(r,n,e,t){let s=as(r,n,e,t);if(s.clashes.length===0)return s;let[a,l,h]=[de(n),de(e),de(t)];if(a&&l&&h){let w=Ye(a)===n?Ye:Pt,U=Je(a,l,h,"mine"),le=Je(a,l,h,"theirs");return{mine:U.tree?w(U.tree):"",theirs:le.tree?w(le.tree):"",clashes:U.conflicts.map(Ce=>Ce.path||r)}}let d=es(n,e,t);return d===void 0?s:{mine:d,theirs:d,clashes:[]}}function ss(r,n){let e=[];if(r.text!==n.text){let[t,s]=[de(r.text),de(n.text)];e.push(...t&&s?Kt(t,s):["changed the value"])}return r.metadata!==n.metadata&&e.push("changed the metadata"),r.expires!==n.expires&&e.push("changed the expiry"),e}var rs=3,Ns={same:" ",gone:"−",add:"+"},Ls={same:"",gone:"removed: ",add:"added: "};function Ue(r,n){let e=ht(r.split(`
`),n.split(`
`)),t=new Set;if(e.forEach((l,h)=>{if(l.kind!=="same")for(let d=h-rs;d<=h+rs;d++)t.add(d)}),t.size===0)return i`<p class="mute">Both are equal.</p>`;let s=[],a=0;return e.forEach((l,h)=>{if(!t.has(h)){a++;return}a>0&&(s.push(i`<div class="mute">… ${R(a,"equal line")}</div>`),a=0),s.push(i`<div class=${l.kind}><span aria-hidden="true">${Ns[l.kind]} </span><span class="unseen">${Ls[l.kind]}</span>${b(l.text)}</div>`)}),a>0&&s.push(i`<div class="mute">… ${R(a,"equal line")}</div>`),i`<div class="diff" tabindex="0" role="region" aria-label="Differences">${s}</div>`}var Q=class extends ${constructor(){super(...arguments);this.text="";this.language="text";this.label="Value";this.readOnly=!1}connectedCallback(){super.connectedCallback(),import("./codemirror-UXMMQWXF.js").then(({createEditor:e})=>{if(this.isConnected&&!this.editor){let t=this.contains(document.activeElement),s=document.createElement("div"),a=s.attachShadow({mode:"open"});this.editor=e(a,{text:this.text,language:this.language,label:this.label,readOnly:this.readOnly,edited:l=>this.edited(l)}),this.replaceChildren(),this.append(s),t&&this.editor.focus()}})}disconnectedCallback(){super.disconnectedCallback(),this.editor?.destroy(),this.editor=void 0}edited(e){this.text=e,this.dispatchEvent(new CustomEvent("edit",{detail:e,bubbles:!0}))}focus(){this.editor?this.editor.focus():this.querySelector("textarea")?.focus()}shouldUpdate(e){return this.editor?(e.has("text")&&this.editor.setText(this.text),(e.has("language")||e.has("readOnly"))&&this.editor.configure(this.language,this.readOnly),!1):!0}render(){return i`<textarea
      class="plain-editor mono"
      spellcheck="false"
      aria-label=${this.label}
      rows="12"
      ?readonly=${this.readOnly}
      .value=${this.text}
      @input=${e=>this.edited(e.target.value)}
    ></textarea>`}};o([y()],Q.prototype,"text",2),o([y()],Q.prototype,"language",2),o([y()],Q.prototype,"label",2),o([y({type:Boolean})],Q.prototype,"readOnly",2),o([p()],Q.prototype,"editor",2),Q=o([g("code-editor")],Q);var As=3e3,pt=4096,Is=5e6,Ps={json:"JSON",text:"Text",hex:"Hex",image:"Image"},oe=new Map;addEventListener("beforeunload",r=>{oe.size>0&&r.preventDefault()});var I=class extends ${constructor(){super(...arguments);this.trouble="";this.busy=!1;this.hexShown=pt;this.newKey="";this.comparing=!1;this.imageAddress="";this.watchedAt=0}connectedCallback(){super.connectedCallback(),this.every(As,()=>this.watch()),this.listen(window,"keydown",e=>this.key(e)),this.listen(this,"leave",()=>this.leave()),this.listen(this,"edit-value",()=>this.edit())}disconnectedCallback(){super.disconnectedCallback(),URL.revokeObjectURL(this.imageAddress)}get isNew(){return this.place.parameters.new!==void 0}get openKey(){return this.isNew?this.newKey:this.place.parameters.key??""}get draftId(){return`${this.place.namespace}/${this.isNew?"":this.openKey}`}willUpdate(e){let t=e.get("place");if(!e.has("place"))return;t&&t.namespace===this.place.namespace&&t.parameters.key===this.place.parameters.key&&t.parameters.new===this.place.parameters.new||(this.entry=void 0,this.failure=void 0,this.clash=void 0,this.trouble="",this.hexShown=pt,this.unsaved=oe.get(this.draftId),this.isNew?(this.newKey=this.place.parameters.prefix??"",this.entry=ns,this.updateComplete.then(()=>this.querySelector("[name=key]")?.focus())):this.load())}async load(e=!1){let{draftId:t}=this;try{let s=await Le(this.place.namespace,this.openKey,e);if(t!==this.draftId)return;this.entry=s??"missing",this.failure=void 0,this.unsaved&&s&&s.version!==this.unsaved.base.version&&await this.compare(s)}catch(s){t===this.draftId&&(this.failure=s)}}async watch(){let{entry:e,draftId:t}=this;if(this.isNew||this.busy||this.clash||!e||String(c.version)==="0")return;let s=e==="missing"?"0":e.version;if(c.version<=this.watchedAt)return;this.watchedAt=c.version;let a=await Ae(this.place.namespace,this.openKey).catch(()=>{});a===void 0||t!==this.draftId||this.busy||a===s||await this.load(e!=="missing"&&e.complete&&e.size>ze)}get text(){let{entry:e}=this;return e&&e!=="missing"?ae(e.value,e.complete):void 0}get views(){let{entry:e,unsaved:t}=this;return!e||e==="missing"?[]:t?.file?["hex"]:this.isNew?["text","json"]:Ot(e.value,e.complete)}get view(){let{views:e}=this,t=this.place.parameters.view;return t&&e.includes(t)?t:e[0]??"text"}get mayWrite(){return c.mayWrite(this.place.namespace)}get dirty(){let{unsaved:e}=this;return e!==void 0}change(e){let{entry:t}=this;!t||t==="missing"||(this.unsaved={...this.unsaved??{base:t},...e},oe.set(this.draftId,this.unsaved),this.trouble="",this.requestUpdate())}forget(){oe.delete(this.draftId),this.unsaved=void 0,this.clash=void 0,this.trouble="",this.requestUpdate()}key(e){if((e.metaKey||e.ctrlKey)&&e.key.toLowerCase()==="s"){e.preventDefault(),this.save();return}let t=e.composedPath()[0];e.key==="e"&&!e.metaKey&&!e.ctrlKey&&!t.isContentEditable&&!/^(INPUT|TEXTAREA|SELECT)$/.test(t.tagName)&&!document.querySelector("dialog[open]")&&(e.preventDefault(),this.edit())}edit(){this.querySelector("code-editor")?.focus()}leave(){v(x({key:void 0,new:void 0,view:void 0}))}baseText(e){return ae(e.value,e.complete)??""}draftOf(e){let{base:t}=e,s=this.baseText(t),a=e.text===void 0?s:Qe(e.text,s);if(e.text!==void 0&&this.view==="json"&&e.text.trim()!==""){let d=Pe(e.text);if(d)return`Not saved: the value is not JSON. ${d}. Your text is kept; the view “Text” saves it as it is.`}let l=e.metadata??t.metadata;if(e.metadata&&Pe(e.metadata))return`Not saved: the metadata is not JSON. ${Pe(e.metadata)}.`;let h=e.expires===void 0?t.expires:_t(e.expires,Date.now());return h===void 0?`Not saved: “${e.expires}” is no expiry. Write ${Ze}.`:{text:a,metadata:l,expires:h}}async save(){let{unsaved:e}=this;if(this.busy||!this.mayWrite||!e&&!this.isNew)return;let t=this.draftOf(e??{base:ns});if(typeof t=="string"){this.trouble=t;return}this.busy=!0,this.trouble="";try{this.isNew?await this.create(t,e?.file):await this.saveOver(e,t)}catch(s){P(s,412)&&!this.isNew?await this.compare(await Le(this.place.namespace,this.openKey,!0)):this.trouble=this.why(s)}this.busy=!1}why(e){return P(e,412)?"Not saved: there is an entry with this key already. Your text is kept.":e instanceof ce&&e.code==="unreachable"?"Not saved yet: the server does not answer. Your text is kept; save again when the server is back.":`Not saved: ${e.message} Your text is kept.`}async create(e,t){let s=this.newKey;await be(this.place.namespace,s,{value:t??Ke(e.text),metadata:e.metadata,expires:e.expires,condition:{"If-None-Match":"*"}}),this.forget(),M("Created."),this.dispatchEvent(new CustomEvent("saved")),v(x({new:void 0,key:s}))}async saveOver(e,t){let{base:s}=e,a={};if(e.file?a.value=e.file:e.text!==void 0&&t.text!==this.baseText(s)&&(a.value=Ke(t.text)),t.metadata!==s.metadata&&(a.metadata=t.metadata),t.expires!==s.expires&&(a.expires=t.expires),Object.keys(a).length===0){this.forget(),M("Nothing was changed.");return}let l=await xt(this.place.namespace,this.openKey,a,s);this.forget(),M(`Saved as version ${m(Number(l))}.`),await this.load(s.complete&&s.size>ze),this.dispatchEvent(new CustomEvent("saved"))}async compare(e){let{unsaved:t}=this;if(!t)return;let s=e&&!e.complete&&t.base.complete?await Le(this.place.namespace,this.openKey,!0):e,a=this.draftOf(t),l=s&&ae(s.value,s.complete);if(!s||typeof a=="string"||t.file||l===void 0){this.clash={theirs:s};return}let h={text:this.baseText(t.base),metadata:t.base.metadata,expires:t.base.expires},d=is(h,a,{text:l,metadata:s.metadata,expires:s.expires});this.clash={theirs:s,merged:d}}async saveMerged(e){let t=this.clash.theirs;this.entry=t,this.unsaved={base:t,text:this.view==="json"?Y(e.text):e.text,metadata:e.metadata,expires:e.expires===t.expires?void 0:e.expires===0?"never":new Date(e.expires).toISOString()},oe.set(this.draftId,this.unsaved),this.clash=void 0,this.comparing=!1,await this.save()}takeTheirs(){let e=this.clash?.theirs;this.forget(),this.comparing=!1,this.entry=e??"missing"}async saveMine(){let{clash:e,unsaved:t}=this;e?.theirs&&t&&(this.unsaved={...t,base:{...t.base,version:e.theirs.version}},oe.set(this.draftId,this.unsaved)),this.clash=void 0,this.comparing=!1,await this.save()}async recreate(){let e=this.unsaved&&this.draftOf(this.unsaved);if(e&&typeof e!="string"){this.busy=!0;try{await be(this.place.namespace,this.openKey,{value:this.unsaved.file??Ke(e.text),metadata:e.metadata,expires:e.expires,condition:{"If-None-Match":"*"}}),this.forget(),await this.load(),this.dispatchEvent(new CustomEvent("saved"))}catch(t){this.trouble=this.why(t)}this.busy=!1}}async chooseFile(e){let t=e.target,s=t.files?.[0];s&&this.change({file:new Uint8Array(await s.arrayBuffer()),text:void 0}),t.value=""}render(){let{entry:e}=this;return i`<div class="bar">
        ${this.isNew?i`<h2 class="grow">New entry</h2>`:i`<h2 class="grow clip mono" title=${b(this.openKey)}>${b(this.openKey)}</h2>`}
        ${this.views.length>1?i`<div class="choice" role="group" aria-label="View">
              ${this.views.map(t=>i`<button aria-pressed=${t===this.view?"true":"false"} @click=${()=>this.show(t)}>${Ps[t]}</button>`)}
            </div>`:u}
        <button class="button icon plain" aria-label="Close the entry" title="Close (Esc)" @click=${this.leave}>${E.close}</button>
      </div>
      ${this.failure?D(this.failure,()=>this.load()):e?e==="missing"?this.missing():this.content(e):O(4)}`}show(e){let{unsaved:t}=this;t?.text!==void 0&&(this.unsaved={...t,text:e==="json"?Y(t.text):Qe(t.text,this.baseText(t.base))},oe.set(this.draftId,this.unsaved)),v(x({view:e}),!0)}missing(){return i`<div class="empty">
      <h2>There is no entry with this key</h2>
      <p>It was deleted, has expired, or never existed.</p>
      <div class="row">
        <a class="button" href=${f("history",this.place.namespace,{key:this.openKey})}>History</a>
        ${this.dirty&&this.mayWrite?i`<button class="button main" @click=${this.recreate}>Write my edit as a new entry</button>`:u}
      </div>
      ${this.trouble?i`<p class="note wrong" role="alert">${this.trouble}</p>`:u}
    </div>`}content(e){let{unsaved:t}=this,s=Date.now(),a=this.mayWrite&&e.complete;return i`<div class="content">
      ${this.isNew?i`<label class="stack"><span class="label">Key</span>
            <input class="field mono" name="key" spellcheck="false" autocomplete="off" .value=${this.newKey} @input=${l=>this.newKey=l.target.value} /></label>`:u}
      <div class="value">${this.valueView(e,a)}</div>
      ${e.complete||this.isNew?u:this.large(e)}
      <label class="stack"><span class="label">Metadata</span>
        <input class="field mono" name="metadata" spellcheck="false" autocomplete="off" placeholder="none" ?readonly=${!this.mayWrite}
          .value=${t?.metadata??e.metadata}
          @input=${l=>this.change({metadata:l.target.value})} />
      </label>
      <div class=${this.isNew?"":"pair"}>
        <label class="stack"><span class="label">Expires</span>
          <input class="field mono" name="expires" spellcheck="false" autocomplete="off" ?readonly=${!this.mayWrite}
            title=${e.expires?C(e.expires):Ze}
            .value=${t?.expires??Ht(e.expires,s)}
            @focus=${l=>l.target.select()}
            @input=${l=>this.change({expires:l.target.value})} />
        </label>
        ${this.isNew?u:i`<label class="stack"><span class="label">Version</span>
              <input class="field mono" readonly .value=${`${m(Number(e.version))} · ${T(e.size)}`} title=${`${R(e.size,"byte")}, read as of version ${m(Number(e.asOf))}`} />
            </label>`}
      </div>
      ${this.buttons(e)} ${this.clash?this.clashNote(this.clash):u}
      ${this.trouble?i`<p class="note wrong" role="alert">${this.trouble}</p>`:u}
      ${t?.file?i`<p class="note">The value will be replaced by a file of ${T(t.file.length)}.</p>`:u}
      ${this.comparing&&this.clash?.theirs?this.comparison(this.clash):u}
    </div>`}valueView(e,t){let{unsaved:s,view:a}=this;if(a==="image")return i`<img alt="The value, as an image of ${T(e.size)}" src=${this.imageSource(e)} />`;if(a==="hex")return this.hex(s?.file??e.value);let l=this.text??"",h=s?.text??(a==="json"?Y(l):l);return i`<code-editor
      label=${`Value of ${b(this.openKey)||"the new entry"}`}
      .text=${h}
      .language=${a==="json"?"json":"text"}
      .readOnly=${!t}
      @edit=${d=>this.change({text:d.detail})}
    ></code-editor>`}hex(e){return i`<div class="hex mono" tabindex="0" role="region" aria-label="Bytes of the value">
        ${Dt(e,this.hexShown).map(t=>i`<span>${t.offset}</span><span>${t.bytes}</span><span>${t.text}</span>`)}
      </div>
      ${e.length>this.hexShown?i`<p class="empty"><button class="button" @click=${()=>this.hexShown+=pt*4}>Show more</button></p>`:u}`}imageSource(e){return this.imageOf!==e.value&&(URL.revokeObjectURL(this.imageAddress),this.imageAddress=URL.createObjectURL(new Blob([e.value],{type:Xe(e.value)})),this.imageOf=e.value),this.imageAddress}large(e){return i`<div class="note">
      These are the first ${T(e.value.length)} of ${T(e.size)}.
      <div class="row">
        ${e.size<=Is||Xe(e.value)?i`<button class="button" @click=${()=>this.load(!0)}>Load everything</button>`:u}
        <a class="button" href=${Ge(this.place.namespace,this.openKey)} download=${this.fileName}>Download</a>
      </div>
    </div>`}get fileName(){return this.openKey.split(/[/:]/).pop()||"value"}buttons(e){let{namespace:t}=this.place,s=Yt(t,c.title(t),this.openKey);return this.isNew?i`<div class="row">
        <button class="button main" ?disabled=${this.busy||this.newKey===""} @click=${this.save}>Create</button>
        <button class="button" @click=${()=>this.querySelector("[data-file]")?.click()}>Value from a file…</button>
        <input hidden data-file type="file" @change=${this.chooseFile} />
      </div>`:i`<div class="row wrap">
      ${this.mayWrite?i`<button class="button main" ?disabled=${this.busy||!this.dirty} aria-keyshortcuts="Control+S Meta+S" @click=${this.save}>Save</button>`:u}
      ${this.dirty&&!this.clash?i`<button class="button" @click=${this.discard}>Discard</button>`:u}
      <a class="button" href=${f("history",t,{key:this.openKey})}>History</a>
      <button class="button" popovertarget="entry-menu" aria-haspopup="true">Copy as…</button>
      <div id="entry-menu" popover @toggle=${Ee} @click=${a=>a.currentTarget.hidePopover()}>
        ${s.map(a=>i`<button @click=${()=>B(a.text,`the line for ${a.name}`)}>${a.name}</button>`)}
        <button @click=${()=>B(this.openKey,"the key")}>Key</button>
        ${this.text!==void 0&&e.complete?i`<button @click=${()=>B(this.text,"the value")}>Value</button>`:u}
        <button @click=${()=>B(location.href,"the link")}>Link to this entry</button>
      </div>
      <button class="button icon" popovertarget="value-menu" aria-label="More for this value" aria-haspopup="true">${E.more}</button>
      <div id="value-menu" popover @toggle=${Ee} @click=${a=>a.currentTarget.hidePopover()}>
        <button @click=${()=>this.querySelector("[data-download]")?.click()}>Download the value</button>
        ${this.mayWrite?i`<button @click=${()=>this.querySelector("[data-file]")?.click()}>Replace it by a file…</button>`:u}
      </div>
      <a hidden data-download href=${Ge(t,this.openKey)} download=${this.fileName}></a>
      <input hidden data-file type="file" @change=${this.chooseFile} />
      <span class="grow"></span>
      ${this.mayWrite?i`<button class="button danger" @click=${()=>this.dispatchEvent(new CustomEvent("remove"))}>Delete</button>`:u}
    </div>`}async discard(){await new te({heading:"Discard your changes?",text:"The entry stays as it is stored.",action:"Discard",danger:!0}).open()&&(this.forget(),await this.load())}clashNote({theirs:e,merged:t}){if(!e)return i`<div class="note soon" role="alert"><strong>Deleted elsewhere while you edited.</strong> Your text is kept.
        <div class="row">
          <button class="button" @click=${this.recreate}>Write my edit as a new entry</button>
          <button class="button" @click=${this.takeTheirs}>Discard my edit</button>
        </div></div>`;let s=m(Number(e.version));if(!t)return i`<div class="note soon" role="alert"><strong>Changed elsewhere while you edited.</strong> Version ${s} came first. Nothing is saved; your edit is kept.
        <div class="row">
          <button class="button" @click=${this.saveMine}>Save mine over it</button>
          <button class="button" @click=${this.takeTheirs}>Take theirs</button>
        </div></div>`;let a=t.clashes.length>0;return i`<div class="note soon" role="alert">
      <strong>Changed elsewhere while you edited.</strong>
      Version ${s} ${t.theirs.join(", ")||"wrote the same"}.
      ${a?i`You both changed ${t.clashes.join(", ")}.`:i`Your change (${t.mine.join(", ")}) does not touch it.`}
      <div class="row wrap">
        ${a?i`<button class="button" @click=${()=>this.saveMerged(t.draft)}>Merge, mine for ${t.clashes.join(", ")}</button>
              <button class="button" @click=${()=>this.saveMerged(t.withTheirs)}>Merge, theirs for ${t.clashes.join(", ")}</button>`:i`<button class="button" @click=${()=>this.saveMerged(t.draft)}>Merge both</button>`}
        <button class="button" aria-expanded=${this.comparing?"true":"false"} @click=${()=>this.comparing=!this.comparing}>Compare</button>
        <button class="button" @click=${this.takeTheirs}>Take theirs</button>
      </div>
    </div>`}comparison({theirs:e,merged:t}){let s=this.unsaved?.text??"",a=ae(e.value,e.complete)??"";return i`<section class="stack" aria-label="Comparison">
      <p class="mute">From theirs to yours${t?i`, before merging`:""}:</p>
      ${Ue(Y(a),Y(s||this.baseText(this.unsaved.base)))}
    </section>`}};o([y({attribute:!1})],I.prototype,"place",2),o([p()],I.prototype,"entry",2),o([p()],I.prototype,"failure",2),o([p()],I.prototype,"trouble",2),o([p()],I.prototype,"busy",2),o([p()],I.prototype,"clash",2),o([p()],I.prototype,"hexShown",2),o([p()],I.prototype,"newKey",2),o([p()],I.prototype,"comparing",2),I=o([g("entry-panel")],I);var ns={version:"0",size:0,value:new Uint8Array(0),complete:!0,metadata:"",expires:0,asOf:"0",age:"0"};var dt=[":","/"],Ks=200,Os=3e3,Ds=300,_s=6e4,os=1e4,j=class extends ${constructor(){super(...arguments);this.active=0;this.position=0;this.picked=new Set;this.treeState={text:"",title:""};this.treeOnPhone=!1;this.filterTimer=0}connectedCallback(){super.connectedCallback(),this.every(Os,()=>this.refreshIfChanged()),this.every(1e4,()=>this.requestUpdate()),this.listen(window,"keydown",e=>this.pageKey(e))}disconnectedCallback(){super.disconnectedCallback(),this.source?.end(),this.source=void 0}get keyPrefix(){return this.place.parameters.prefix??""}get openKey(){return this.place.parameters.key}get delimiter(){return this.place.parameters.split??":"}willUpdate(e){let t=e.has("place")?e.get("place"):this.place;if(t?.namespace!==this.place.namespace||t.parameters.prefix!==this.place.parameters.prefix||!this.source){this.source?.end();let s=new He(this.place.namespace,this.keyPrefix);s.addEventListener("change",()=>{this.requestUpdate(),this.querySelector(".list long-list")?.requestUpdate()}),this.source=s,this.active=0,this.picked=new Set,this.openKey&&this.revealKey(this.openKey)}else this.openKey&&t.parameters.key!==this.openKey&&this.revealKey(this.openKey);this.classList.toggle("with-entry",this.openKey!==void 0||this.place.parameters.new!==void 0),this.classList.toggle("show-tree",this.treeOnPhone),this.place.parameters.import&&this.import()}async revealKey(e){let{source:t}=this;if(!(!t||t.row(this.active)?.key===e||!e.startsWith(this.keyPrefix)))try{let s=await t.positionOf(e);if(t!==this.source||e!==this.openKey)return;s===void 0||!this.list||this.list.total<=s?setTimeout(()=>this.isConnected&&this.revealKey(e),Ds):(this.active=s,this.list.reveal(s))}catch{}}get list(){return this.querySelector(".list long-list")}refreshIfChanged(){this.source&&(this.source.version<c.version||this.source.failure)&&this.refresh()}refresh(){this.source?.refresh(),this.querySelector("key-tree")?.refresh()}filter(e){let t=e.target.value;clearTimeout(this.filterTimer),this.filterTimer=window.setTimeout(()=>v(x({prefix:t,key:void 0}),!0),Ks)}openRow(e){let t=this.source?.row(e);this.active=e,t&&v(x({key:t.key,new:void 0,view:void 0}))}pageKey(e){e.key==="Escape"&&this.openKey!==void 0&&!document.querySelector("dialog[open]")&&(e.composedPath()[0].closest?.(".cm-panel")||(this.querySelector("[role=grid]")?.focus(),this.querySelector("entry-panel")?.dispatchEvent(new Event("leave"))))}gridKey(e){let t=this.source?.total??0,s=this.list?.visibleRows??10,a={ArrowDown:this.active+1,ArrowUp:this.active-1,PageDown:this.active+s,PageUp:this.active-s,Home:0,End:t-1},l=this.source?.row(this.active);if(e.key in a)this.active=Math.max(0,Math.min(t-1,a[e.key])),this.list?.reveal(this.active);else if(e.key==="Enter")this.openRow(this.active);else if(e.key===" "&&l)this.pick(l.key);else if(e.key==="e"&&l)this.openRow(this.active),this.updateComplete.then(()=>this.querySelector("entry-panel")?.dispatchEvent(new Event("edit-value")));else if(e.key==="Delete"&&l&&this.mayWrite)this.deleteKeys([l.key]);else return;e.preventDefault()}pick(e){let t=new Set(this.picked);t.delete(e)||t.add(e),this.picked=t}get mayWrite(){return c.mayWrite(this.place.namespace)}async deleteKeys(e){let{namespace:t}=this.place,s=async()=>{for(let l=0;l<e.length;l+=os)await Tt(c.account,t,e.slice(l,l+os))};(e.length===1?await new te({heading:"Delete this key?",text:i`<code>${b(e[0])}</code> with its value and metadata.`,action:"Delete",danger:!0},s).open():await new Ie({heading:`Delete ${m(e.length)} selected keys`,what:`From ${c.title(t)}, with their values and metadata.`,action:`Delete ${R(e.length,"key")}`,number:e.length},s).open())&&(M(`Deleted ${R(e.length,"key")}.`),this.picked=new Set,this.openKey!==void 0&&e.includes(this.openKey)&&v(x({key:void 0}),!0),this.refresh(),c.refresh())}async deletePrefix(){let{namespace:e}=this.place,t=await this.exactCount();if(t===void 0)return;let s=this.keyPrefix?i`under <code>${b(this.keyPrefix)}</code>`:i`of <b>${c.title(e)}</b>`;await new Ie({heading:this.keyPrefix?`Delete ${R(t,"key")} under ${b(this.keyPrefix)}`:`Delete all ${R(t,"key")}`,what:i`All keys ${s}, in one step: either all are deleted or none. The history keeps their values as long as the feed does.`,action:`Delete ${R(t,"key")}`,number:t},()=>kt(e,this.keyPrefix)).open()&&(M(`Deleted ${R(t,"key")}.`),v(x({key:void 0,prefix:void 0})),this.refresh(),c.refresh())}async exactCount(){try{let e=await Fe(this.place.namespace,this.keyPrefix);if(!ee(e))return e.count;M(`Counting, ${Math.floor(e.counting.percent)} %. Try again when the count is exact.`)}catch(e){M(e.message)}}async import(){v(x({import:void 0}),!0);let{ImportDialog:e}=await import("./import-dialog-NDTVRI7B.js");await new e(this.place.namespace).open(),this.refresh(),c.refresh()}async export(){let{ExportDialog:e}=await import("./export-dialog-4JKJKDXT.js");await new e(this.place.namespace,this.keyPrefix,[...this.picked]).open()}async many(e){let t=await this.exactCount();if(t!==void 0){let{ManyDialog:s}=await import("./many-dialog-VUG3BVSV.js");await new s(this.place.namespace,this.keyPrefix,e,t).open(),this.refresh(),c.refresh()}}async rename(){let{namespace:e}=this.place;await new xe({heading:"Rename the namespace",label:"Title",action:"Rename",text:c.title(e),hint:"Clients that use the id notice nothing."},t=>$t(c.account,e,t)).open(),await c.refresh()}async deleteNamespace(){let{namespace:e}=this.place,t=await Fe(e,"").catch(()=>{});if(!t||ee(t)){M("The keys are still being counted. Try again when the count is exact.");return}await new Ie({heading:`Delete the namespace ${c.title(e)}`,what:`With ${R(t.count,"key")}. This cannot be undone.`,action:"Delete the namespace",number:t.count},()=>wt(c.account,e)).open()&&(await c.refresh(),v(f("overview")))}render(){let{namespace:e}=this.place;return i`<section class="tree" aria-label="Prefixes">
        <div class="bar">
          <span class="mute" id="split-at">Split at</span>
          <div class="choice" role="group" aria-labelledby="split-at">
            ${dt.map(t=>i`<button class="mono" aria-pressed=${t===this.delimiter?"true":"false"} @click=${()=>v(x({split:t===":"?void 0:t}),!0)}>${t}</button>`)}
            <button aria-label="Another text" title="Another text" aria-pressed=${dt.includes(this.delimiter)?"false":"true"} @click=${this.otherDelimiter}>
              ${dt.includes(this.delimiter)?"…":i`<span class="mono">${b(this.delimiter)}</span>`}
            </button>
          </div>
          <span class="exact mute" title=${this.treeState.title}>${this.treeState.text}</span>
          <button class="button phone-only" @click=${()=>this.showTree(!1)}>Keys</button>
        </div>
        <key-tree
          .namespace=${e}
          .delimiter=${this.delimiter}
          .chosen=${this.keyPrefix}
          @choose=${t=>{this.showTree(!1),v(x({prefix:t.detail===this.keyPrefix?void 0:t.detail,key:void 0}))}}
          @state=${t=>{t.detail.text!==this.treeState.text&&(this.treeState=t.detail)}}
        ></key-tree>
      </section>
      ${this.keys()}
      ${this.openKey!==void 0||this.place.parameters.new!==void 0?i`<entry-panel .place=${this.place} @saved=${()=>this.refresh()} @remove=${()=>this.deleteKeys([this.openKey])}></entry-panel>`:u}`}showTree(e){this.treeOnPhone=e}async otherDelimiter(){let e=await new xe({heading:"Split keys at",label:"Text, such as - or ::",action:"Split",text:this.delimiter},async()=>{}).open();e&&v(x({split:e}),!0)}keys(){let e=this.source,t=this.picked.size>0,s=c.info(this.place.namespace),a=e.loaded&&e.total===0&&!this.keyPrefix&&e.counting===void 0&&!s?.keys;return i`<section class="list ${t?"picking":""}" aria-label="Keys">
      <div class="bar">
        <button class="button icon phone-only" aria-label="Prefixes" @click=${()=>this.showTree(!0)}>${E.browse}</button>
        <input class="field mono grow" data-filter type="search" spellcheck="false" autocomplete="off" placeholder="Filter by prefix" aria-label="Filter by prefix" aria-keyshortcuts="/" .value=${this.keyPrefix} @input=${this.filter} />
        ${t?this.pickedActions():this.actions()}
      </div>
      ${a?Xt(this.place.namespace,c.title(this.place.namespace)):i`<div class="grid-host" role="grid" aria-label="Keys" aria-rowcount=${e.total+1} aria-multiselectable="true" tabindex="0" aria-activedescendant=${`row-${this.active}`} @keydown=${this.gridKey}>
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
    </section>`}rows(e){return e.failure&&!e.loaded?D(e.failure,()=>e.refresh()):e.loaded?e.total===0?i`<div class="empty" role="row"><div role="gridcell"><h2>No key begins with ${b(this.keyPrefix)}</h2>
        <p>The store was searched completely.</p></div></div>`:i`<long-list
      role="rowgroup"
      .total=${e.total}
      .rowHeight=${matchMedia("(max-width: 720px)").matches?44:30}
      .item=${t=>this.line(e,t)}
      @range=${t=>{this.position=t.detail.position,e.want(t.detail.first,t.detail.last)}}
    ></long-list>`:O()}line(e,t){let s=e.row(t);if(!s)return i`<div class="line" role="row" aria-rowindex=${t+2} id="row-${t}" aria-busy="true">
        <span role="gridcell"></span><span role="gridcell"><span class="skeleton" .style=${`width:${90+t*37%60}px`}></span></span>
        <span role="gridcell"></span><span role="gridcell"></span><span role="gridcell"></span>
      </div>`;let a=s.expires===void 0?void 0:s.expires-Date.now();return i`<div class="line ${t===this.active?"active":""}" role="row" id="row-${t}" aria-rowindex=${t+2} aria-selected=${s.key===this.openKey?"true":"false"} @click=${()=>this.openRow(t)}>
      <span role="gridcell" class="tick" @click=${l=>l.stopPropagation()}>
        <input type="checkbox" tabindex="-1" aria-label="Select ${b(s.key)}" .checked=${this.picked.has(s.key)} @change=${()=>this.pick(s.key)} />
      </span>
      <span role="gridcell" class="clip" title=${b(s.key)}>${b(s.key)}</span>
      <span role="gridcell" class="clip" title=${We(s.metadata)}>${We(s.metadata)}</span>
      <span role="gridcell" class="right" title=${R(s.bytes,"byte")}>${T(s.bytes)}</span>
      ${a===void 0?i`<span role="gridcell" class="right"></span>`:i`<span role="gridcell" class="right ${a<_s?"soon":""}" title=${C(s.expires)}>${a<=0?"expired":G(a)}</span>`}
    </div>`}actions(){return i`${this.mayWrite?i`<a class="button optional" href=${x({import:1})}>Import</a>
            <a class="button main" href=${x({new:1,key:void 0})}><span class="optional">New entry</span><span class="phone-only">New</span></a>`:u}
      <button class="button icon" popovertarget="list-menu" aria-label="More actions" aria-haspopup="true">${E.more}</button>
      <div id="list-menu" popover @toggle=${Ee} @click=${e=>e.currentTarget.hidePopover()}>
        <button @click=${this.export}>Export ${this.keyPrefix?"this prefix":"all keys"}…</button>
        ${this.mayWrite?i`<button @click=${()=>this.import()}>Import…</button>
              <button @click=${()=>this.many("copy")}>Copy to another namespace…</button>
              <button @click=${()=>this.many("expire")}>Change expiry…</button>
              <button class="wrong" @click=${this.deletePrefix}>Delete ${this.keyPrefix?"this prefix":"all keys"}…</button>`:u}
        ${c.mayAdminister?i`<button @click=${this.rename}>Rename the namespace…</button>
              <button class="wrong" @click=${this.deleteNamespace}>Delete the namespace…</button>`:u}
        <button @click=${()=>v(f("live",this.place.namespace,{prefix:this.keyPrefix}))}>Watch live</button>
        <button @click=${()=>v(f("connect",this.place.namespace))}>Connect</button>
      </div>`}pickedActions(){return i`<span class="mute" role="status">${m(this.picked.size)} selected</span>
      <button class="button" @click=${this.export}>Export</button>
      ${this.mayWrite?i`<button class="button danger" @click=${()=>this.deleteKeys([...this.picked])}>Delete</button>`:u}
      <button class="button icon" aria-label="Select none" @click=${()=>this.picked=new Set}>${E.close}</button>`}foot(e){let t=e.counting===void 0;return i`<footer>
      <span>${t?R(e.total,"key"):`counting, ${Math.floor(e.counting)} %`} · at ${m(Math.min(this.position+1,e.total))}</span>
      <input type="range" min="0" max=${Math.max(0,e.total-1)} .value=${String(this.position)} ?disabled=${!t}
        aria-label="Jump to a position" aria-valuetext=${`key ${m(this.position+1)} of ${m(e.total)}`}
        @input=${s=>this.list?.showAt(Number(s.target.value))} />
      <span title=${e.at?vt(e.at):""}>${e.failure?i`<span class="soon">${e.failure.message}</span>`:e.version>=c.version?"up to date":e.at?`as of ${L(e.at)}`:""}</span>
    </footer>`}};o([y({attribute:!1})],j.prototype,"place",2),o([p()],j.prototype,"source",2),o([p()],j.prototype,"active",2),o([p()],j.prototype,"position",2),o([p()],j.prototype,"picked",2),o([p()],j.prototype,"treeState",2),o([p()],j.prototype,"treeOnPhone",2),j=o([g("page-browse")],j);var Hs=500,qs=50,Us=250,Vs=["put","delete","clear"],Ws={put:"well",delete:"wrong",clear:"soon"},Z=class extends ${constructor(){super(...arguments);this.events=[];this.paused=!1;this.trouble="";this.waiting=[];this.missed=0;this.filterTimer=0;this.frame=0}connectedCallback(){super.connectedCallback(),this.listen(N,"back",()=>this.open()),this.listen(c,"change",()=>this.requestUpdate())}disconnectedCallback(){super.disconnectedCallback(),this.source?.close(),cancelAnimationFrame(this.frame)}willUpdate(e){e.has("place")&&(this.events=[],this.open())}get type(){return this.place.parameters.type??""}open(){this.source?.close(),this.trouble="",this.rate=void 0;let e=new EventSource(mt("v1/feed",{namespace:this.place.namespace||void 0,prefix:this.place.parameters.prefix,type:this.type||void 0,most:qs}));this.source=e,e.addEventListener("message",t=>this.take(JSON.parse(t.data))),e.addEventListener("rate",t=>this.rate=JSON.parse(t.data)),e.addEventListener("error",()=>{e.readyState===EventSource.CLOSED?this.explain():N.breaks()}),e.addEventListener("open",()=>this.trouble="")}async explain(){let e=await fetch(this.source.url,{headers:{Accept:"text/event-stream"}}).catch(()=>{});if(e&&!e.ok){let t=await e.json().catch(()=>{});this.trouble=t?.error?.message??`The server answered ${e.status}.`}await e?.body?.cancel()}take(e){if(e.error){this.trouble=e.error.message;return}if(this.paused){this.missed++;return}this.waiting.push(e),this.waiting.length===1&&(this.frame=requestAnimationFrame(()=>{this.events=[...this.waiting.reverse(),...this.events].slice(0,Hs),this.waiting=[]}))}pause(){this.paused=!this.paused,this.missed=0}filter(e){let t=e.target.value;clearTimeout(this.filterTimer),this.filterTimer=window.setTimeout(()=>v(x({prefix:t}),!0),Us)}summary(){if(!this.rate)return"";let{changes:e,shown:t,version:s}=this.rate,a=e>t&&t>0?` · showing one in ${m(Math.round(e/t))}`:"";return`${ye(e)} a second${a} · v ${m(s)}`}render(){let{namespace:e}=this.place;return i`<div class="bar live-bar">
        <button class="button" aria-pressed=${this.paused?"true":"false"} @click=${this.pause}>${this.paused?i`${E.play} Go on`:i`${E.pause} Pause`}</button>
        <div class="choice" role="group" aria-label="Type of change">
          ${["",...Vs].map(t=>i`<button aria-pressed=${t===this.type?"true":"false"} @click=${()=>v(x({type:t}),!0)}>${t||"All"}</button>`)}
        </div>
        <select aria-label="Namespace" @change=${t=>v(f("live",t.target.value,this.place.parameters),!0)}>
          <option value="" ?selected=${!e}>All namespaces</option>
          ${(c.namespaces??[]).map(t=>i`<option value=${t.id} ?selected=${t.id===e}>${t.title}</option>`)}
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
      <span title=${C(e.at)}>${ft(e.at)}</span>
      <span class=${Ws[e.type]}>${e.type}</span>
      ${e.type==="clear"?i`<a class="clip" href=${f("browse",e.namespace,{prefix:e.prefix})}>${e.prefix?b(e.prefix):"all keys"}</a>`:i`<a class="clip" href=${f("browse",e.namespace,{key:e.key})}>${b(e.key??"")}</a>`}
      <span class="clip">${c.title(e.namespace)}</span>
      <span class="right">${e.size===void 0?"":T(e.size)}</span>
    </div>`}};o([y({attribute:!1})],Z.prototype,"place",2),o([p()],Z.prototype,"events",2),o([p()],Z.prototype,"paused",2),o([p()],Z.prototype,"trouble",2),o([p()],Z.prototype,"rate",2),Z=o([g("page-live")],Z);var H=class extends ${constructor(){super(...arguments);this.versions=[];this.progress=0;this.stopped=!1;this.sidesTrouble="";this.loadedKey="";this.loadedPair=""}disconnectedCallback(){super.disconnectedCallback(),this.request?.abort(),this.loadedKey=""}get openKey(){return this.place.parameters.key??""}willUpdate(e){if(e.has("place")){let t=`${this.place.namespace}/${this.openKey}`;t!==this.loadedKey?(this.loadedKey=t,this.load()):this.loadSides()}}async load(){this.request?.abort();let e=new AbortController;this.request=e,this.versions=[],this.end=void 0,this.failure=void 0,this.stopped=!1,this.progress=0;let t=[];try{await Et(this.place.namespace,this.openKey,s=>{if(s.progress)this.progress=s.progress.percent,this.versions=[...t].reverse();else if(s.complete)this.end=s;else{if(s.error)throw new Error(s.error.message);t.push(s)}},e.signal)}catch(s){e.signal.aborted||he(s)?this.stopped=e===this.request:this.failure=s}e===this.request&&(this.versions=t.reverse(),await this.loadSides())}get chosen(){let e=this.place.parameters.version;return this.versions.find(t=>String(t.version)===e)??this.versions[0]}async loadSides(){let{chosen:e}=this;if(!e)return;let t=this.versions[this.versions.indexOf(e)+1],s=`${this.loadedKey}@${e.version}`;if(s===this.loadedPair)return;this.loadedPair=s,this.sides=void 0,this.sidesTrouble="";let a=l=>l?.type==="put"?Be(this.place.namespace,this.openKey,String(l.version)):Promise.resolve(void 0);try{let[l,h]=await Promise.all([a(t),a(e)]);s===this.loadedPair&&(this.sides={before:l,after:h})}catch(l){this.sidesTrouble=l.message}}async restore(e){let{namespace:t}=this.place,s=this.openKey,a=await Be(t,s,String(e.version));if(!a){M("Not restored: the feed no longer has this version.");return}let l=this.versions[0],h=a.expires!==0&&a.expires<=Date.now();await new te({heading:`Restore version ${m(e.version)}?`,text:i`Writes its value (${T(a.size)}) and metadata as a new version.
          ${h?"Its expiry has passed, so the new version never expires.":""} The versions after it stay in the history.`,action:"Restore"},async()=>{let w=await Ae(t,s);if(l.type==="put"&&w!=="0"&&w!==String(l.version))throw new Error(`Not restored: version ${m(Number(w))} came first. Reload the history and look at it.`);try{await be(t,s,{value:a.value,metadata:a.metadata,expires:h?0:a.expires,condition:w==="0"?{"If-None-Match":"*"}:{"If-Match":`"${w}"`}})}catch(U){throw P(U,412)?new Error("Not restored: another change came first. Nothing is lost; try again."):U}}).open()&&(M(`Restored version ${m(e.version)}.`),v(x({version:void 0}),!0),await this.load())}render(){let{namespace:e}=this.place,{chosen:t}=this;if(this.failure)return D(this.failure,()=>this.load());let s=!this.end&&!this.stopped;return i`<div class="page">
      <div class="row wrap">
        <h2 class="mono clip">${b(this.openKey)}</h2>
        <span class="grow"></span>
        ${s?i`<span class="mute" role="status">reading the feed, ${Math.floor(this.progress)} %</span><button class="button" @click=${()=>this.request?.abort()}>Stop</button>`:i`<button class="button" @click=${this.load}>Read again</button>`}
        <a class="button" href=${f("browse",e,{key:this.openKey})}>Open the entry</a>
      </div>
      <div class="history">
        <section class="card" aria-label="Versions">
          <ol class="versions">
            ${this.versions.map(a=>this.version(a,a===t))}
          </ol>
          ${this.versions.length===0&&!s?i`<p class="empty">No change of this key is known.</p>`:u}
          <p class="mute since">${this.since()}</p>
        </section>
        <section class="card" aria-label="Change">
          ${t?this.change(t):i`<p class="empty">${s?"Loading":"Nothing to show."}</p>`}
        </section>
      </div>
    </div>`}since(){return this.stopped?"Stopped. Older versions may exist.":this.end?.from_start?"This is everything: the feed reaches back to the first change.":this.end?.since?`Known since ${C(this.end.since.at)}, version ${m(this.end.since.version)}. Older versions are not kept: ${this.end.why??"the feed is trimmed"}.`:""}version(e,t){let s={put:e.size===void 0?"":T(e.size),delete:"deleted",clear:`cleared with ${e.prefix?b(e.prefix):"all keys"}`};return i`<li>
      <a href=${x({version:e.version})} aria-current=${t?"true":"false"}>
        <span class="mono">${m(e.version)}</span>
        <span class=${e.type==="put"?"mute":"wrong"}>${s[e.type]}</span>
        <span class="mute right grow" title=${C(e.at)}>${L(e.at)}</span>
      </a>
    </li>`}change(e){let t=e===this.versions[0];return i`<header>
        <h2>Version ${m(e.version)}</h2>
        <span class="mute" title=${C(e.at)}>${L(e.at)}</span>
        <span class="grow"></span>
        ${e.type==="put"&&!t&&c.mayWrite(this.place.namespace)?i`<button class="button" @click=${()=>this.restore(e)}>Restore this version</button>`:u}
      </header>
      <div class="body stack">
        ${this.sidesTrouble?i`<p class="note wrong" role="alert">${this.sidesTrouble}</p>`:this.sides?this.sidesView(this.sides,e):i`<p class="mute" role="status">Loading</p>`}
      </div>`}sidesView(e,t){if(t.type!=="put")return i`<p>The entry was ${t.type==="delete"?"deleted":"cleared"}.</p>`;let{before:s,after:a}=e;if(!a)return i`<p>The feed no longer has the value of this version.</p>`;let[l,h]=[ls(s),ls(a)],d=l===void 0||h===void 0;return i`<p class="mute">${s?`From version ${m(Number(s.version))} to ${m(Number(a.version))}`:"The first version that is known"}</p>
      ${d?i`<p>The value is not text: ${s?`${T(s.size)}, then `:""}${T(a.size)}.</p>`:Ue(s?Y(l):"",Y(h))}
      <dl class="parts">
        <dt>Metadata</dt><dd class="mono">${s&&s.metadata!==a.metadata?i`<del>${s.metadata||"none"}</del> `:u}${a.metadata||"none"}</dd>
        <dt>Expires</dt><dd>${s&&s.expires!==a.expires?i`<del>${s.expires?C(s.expires):"never"}</del> `:u}${a.expires?C(a.expires):"never"}</dd>
      </dl>`}};o([y({attribute:!1})],H.prototype,"place",2),o([p()],H.prototype,"versions",2),o([p()],H.prototype,"progress",2),o([p()],H.prototype,"end",2),o([p()],H.prototype,"stopped",2),o([p()],H.prototype,"failure",2),o([p()],H.prototype,"sides",2),o([p()],H.prototype,"sidesTrouble",2),H=o([g("page-history")],H);function ls(r){return r?ae(r.value,r.complete):""}var Se=class extends ${render(){return i`<div class="empty">
      <h2>This server keeps no numbers of the past</h2>
      <p>The overview shows what happens now, and <code>/metrics</code> has counters and times for Prometheus.</p>
    </div>`}};o([y({attribute:!1})],Se.prototype,"place",2),Se=o([g("page-analytics")],Se);var js=500,se=class extends ${connectedCallback(){super.connectedCallback(),this.load()}async load(){try{this.tokens=await St(),this.acts=await this.newestActs(),this.failure=void 0}catch(n){this.failure=n}}async newestActs(){let n=[],e=0;for(;e!==void 0;){let t=await Ct(e);n=[...n,...t.acts].slice(-js),e=t.next}return n.reverse()}async create(){await new ie().open(),await this.load()}async revoke(n){let e=n.id===c.session.token?.id;await new te({heading:`Revoke the token ${n.name||n.id}?`,text:i`Its requests end within a second, here and at connected edges.${e?" This is the token of this session: you are signed out.":""}`,action:"Revoke",danger:!0},()=>Rt(n.id)).open()&&(M("Revoked."),await this.load())}render(){if(this.failure)return P(this.failure,401)||P(this.failure,403)?ke(c.session.guarded?"Tokens and the audit require a token with the grant admin for all accounts.":"This server has no tokens yet. Create the first one on its machine: selvedge token create --name admin --grant admin. From then on, every request requires a token."):D(this.failure,()=>this.load());if(!this.tokens)return O();let n=this.place.parameters.view==="audit";return i`<div class="page">
      <div class="row">
        <div class="choice" role="group" aria-label="Part">
          <button aria-pressed=${n?"false":"true"} @click=${()=>v(x({view:void 0}),!0)}>Tokens</button>
          <button aria-pressed=${n?"true":"false"} @click=${()=>v(x({view:"audit"}),!0)}>Audit</button>
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
              <td class="mono">${Fs(e)}</td>
              <td title=${e.expires?C(e.expires):""}>${e.expires?zs(e.expires):"never"}</td>
              <td title=${e.last_used?C(e.last_used):""}>${e.last_used?L(e.last_used):i`<span class="mute">not since the start</span>`}</td>
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
              <td title=${C(e.time)}>${L(e.time)}</td>
              <td>${b(e.actor??"")}</td>
              <td class="mono">${e.address}</td>
              <td>${e.operation}</td>
              <td class="mono wide">${b(e.target??"")}${e.left_out?i` <span class="mute">and ${R(e.left_out,"more refused attempt")}</span>`:u}</td>
              <td class="right ${e.status>=400?"wrong":""}">${e.status>=400?`${e.status} refused`:"done"}</td>
            </tr>`)}
        </tbody>
      </table>
      ${n.length===0?i`<p class="empty">No administrative act is recorded yet.</p>`:u}
    </section>`}};o([y({attribute:!1})],se.prototype,"place",2),o([p()],se.prototype,"tokens",2),o([p()],se.prototype,"acts",2),o([p()],se.prototype,"failure",2),se=o([g("page-access")],se);function Fs(r){return r.namespace?`${c.title(r.namespace)}${r.prefix?` ${b(r.prefix)}*`:""}`:r.account==="all"?"everything":`account ${r.account}`}function zs(r){let n=new Date(r).getTime()-Date.now();return n<=0?"expired":`in ${Math.ceil(n/864e5)>1?R(Math.ceil(n/864e5),"day"):"a day"}`}var Bs=[["read","read: gets, lists, feeds"],["write","write: read, and changes of keys"],["admin","admin: write, and namespaces; for all accounts also tokens and backups"],["replicate","replicate: for edges, everything and no changes"]],ie=class extends we{constructor(){super(...arguments);this.secret="";this.grant="read";this.namespace=""}heading(){return this.secret?"The new token":"New token"}body(){if(this.secret)return i`<p>This is shown once. Copy it now; the server keeps a digest only.</p>
        <div class="code"><pre tabindex="0" role="region" aria-label="Secret of the token">${this.secret}</pre>
          <button type="button" class="button" @click=${()=>B(this.secret,"the token")}>Copy</button></div>`;let e=this.grant==="read"||this.grant==="write";return i`<label class="stack"><span class="label">Name</span><input class="field" name="name" required autocomplete="off" /></label>
      <label class="stack"><span class="label">May</span>
        <select class="field" name="grant" @change=${t=>this.grant=t.target.value}>
          ${Bs.map(([t,s])=>i`<option value=${t} ?selected=${t===this.grant}>${s}</option>`)}
        </select></label>
      ${this.grant==="replicate"?u:i`<label class="stack"><span class="label">Where</span>
            <select class="field" name="namespace" @change=${t=>this.namespace=t.target.value}>
              <option value="">everything</option>
              ${(c.namespaces??[]).map(t=>i`<option value=${t.id}>${t.title}</option>`)}
            </select></label>`}
      ${e&&this.namespace?i`<label class="stack"><span class="label">Only keys that begin with (may be empty)</span><input class="field mono" name="prefix" autocomplete="off" /></label>`:u}
      <label class="stack"><span class="label">Expires</span>
        <select class="field" name="expires">
          <option value="">never</option><option value="3600">in an hour</option><option value="86400">in a day</option>
          <option value="2592000" selected>in 30 days</option><option value="31536000">in a year</option>
        </select></label>`}actions(){return this.secret?i`<button class="button main" type="button" @click=${()=>this.close(!0)}>Done</button>`:i`${this.cancel}<button class="button main" ?disabled=${this.busy}>Create</button>`}submit(){this.secret||this.create()}async create(){let e=new FormData(this.querySelector("form")),t=a=>String(e.get(a)??""),s=t("namespace");this.busy=!0,this.trouble="";try{let a=await Mt({name:t("name"),account:s?c.account:"all",...s?{namespace:s}:{},...t("prefix")?{prefix:t("prefix")}:{},grant:t("grant"),...t("expires")?{expires_seconds:Number(t("expires"))}:{}});this.secret=a.secret}catch(a){this.trouble=a.message}this.busy=!1}};o([p()],ie.prototype,"secret",2),o([p()],ie.prototype,"grant",2),o([p()],ie.prototype,"namespace",2),ie=o([g("token-dialog")],ie);var Me=class extends ${connectedCallback(){super.connectedCallback(),this.listen(c,"change",()=>this.requestUpdate())}render(){let n=c.namespaces??[],e=this.place.namespace||n[0]?.id;return e?i`<div class="page narrow">
      <div class="row wrap">
        <label class="row"><span class="mute">Namespace</span>
          <select @change=${t=>v(f("connect",t.target.value))}>
            ${n.map(t=>i`<option value=${t.id} ?selected=${t.id===e}>${t.title}</option>`)}
          </select></label>
        <span class="mute">at <code>${W()}</code>${c.session.guarded?i`, with your token in <code>SELVEDGE_TOKEN</code>`:""}</span>
      </div>
      ${Jt(e,c.title(e)).map(lt)}
    </div>`:i`<div class="empty"><h2>No namespace yet</h2><p>Create one first; then this page has the lines for each client.</p></div>`}};o([y({attribute:!1})],Me.prototype,"place",2),Me=o([g("page-connect")],Me);var q=class extends ${constructor(){super(...arguments);this.staleness=new Map;this.loaded=!1;this.filter=""}connectedCallback(){super.connectedCallback(),this.load()}async load(){try{this.limits=await $e(Nt(),403,404),this.usage=(await $e(Lt(),403,404))?.quotas,this.status=await $e(Ne(),403);for(let e of c.namespaces??[]){let t=await $e(At(e.id),403,404);t&&(this.staleness=new Map(this.staleness).set(e.id,t))}this.failure=void 0}catch(e){this.failure=e}this.loaded=!0}async setStaleness(e,t){try{await It(e,t),this.staleness=new Map(this.staleness).set(e,t),M("Saved.")}catch(s){M(`Not saved: ${s.message}`),this.requestUpdate()}}render(){return this.failure?D(this.failure,()=>this.load()):this.loaded?!this.limits&&!this.usage&&!this.status&&this.staleness.size===0?ke("Settings require a token that may read the account."):i`<div class="page">
      ${this.status?this.serverCard(this.status):u}
      ${this.usage?.length?this.quotas(this.usage):u}
      ${this.staleness.size>0?this.bounds():u}
      ${this.limits?this.limitTable(this.limits):u}
    </div>`:O()}serverCard(e){let t=[["Location",e.location],["Role",e.role],["Cluster",e.cluster],["Version",m(e.version)],["Software",c.session.software??"unknown"],["Clock",C(e.at)]];return i`<section class="card" aria-labelledby="server-heading">
      <header><h2 id="server-heading">This server</h2></header>
      <div class="body"><dl class="facts">${t.map(([s,a])=>i`<div><dt class="label">${s}</dt><dd class="mono">${a}</dd></div>`)}</dl></div>
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
            <td>${c.title(e)}</td>
            <td><input class="field short" type="number" min="1" step="1" aria-label="Bound of ${c.title(e)} in seconds" ?disabled=${!c.mayAdminister} .value=${String(t.bound/1e3)}
              @change=${s=>this.setStaleness(e,{...t,bound:Number(s.target.value)*1e3})} /></td>
            <td><select aria-label="What ${c.title(e)} does past the bound" ?disabled=${!c.mayAdminister}
              @change=${s=>this.setStaleness(e,{...t,past:s.target.value})}>
              <option value="serve" ?selected=${t.past==="serve"}>answer, and count it</option>
              <option value="refuse" ?selected=${t.past==="refuse"}>refuse with 503</option>
            </select></td>
          </tr>`)}</tbody>
      </table>
    </section>`}limitTable(e){let t=e.filter(s=>`${s.name} ${s.meaning}`.toLowerCase().includes(this.filter.toLowerCase()));return i`<section class="card scroll-x" aria-labelledby="limits-heading">
      <header class="row"><h2 id="limits-heading">Limits</h2><span class="mute grow">set at the start of the server with --limit NAME=VALUE</span>
        <input class="field filter" data-filter type="search" placeholder="Filter" aria-label="Filter limits" @input=${s=>this.filter=s.target.value} /></header>
      <table>
        <thead><tr><th scope="col">Limit</th><th scope="col" class="right">Value</th><th scope="col" class="right optional">Bounds</th><th scope="col" class="optional">Meaning</th></tr></thead>
        <tbody>${t.map(s=>i`<tr>
            <td class="mono">${s.name}</td>
            <td class="right" title=${s.value===null?"":`${m(s.value)} ${s.unit}`}>${ut(s.value,s.unit)}</td>
            <td class="right mute optional">${ut(s.least,s.unit)} to ${s.most===null?"any":ut(s.most,s.unit)}</td>
            <td class="wide mute optional">${s.meaning}</td>
          </tr>`)}</tbody>
      </table>
    </section>`}};o([y({attribute:!1})],q.prototype,"place",2),o([p()],q.prototype,"limits",2),o([p()],q.prototype,"usage",2),o([p()],q.prototype,"status",2),o([p()],q.prototype,"staleness",2),o([p()],q.prototype,"failure",2),o([p()],q.prototype,"loaded",2),o([p()],q.prototype,"filter",2),q=o([g("page-settings")],q);function ut(r,n){return r===null?"none":n==="bytes"?T(r):n==="seconds"?G(r*1e3):n==="milliseconds"||n==="millis"?`${m(r)} ms`:m(r)}var Re=[{name:"overview",title:"Overview",icon:E.overview},{name:"live",title:"Live",icon:E.live},{name:"analytics",title:"Analytics",icon:E.analytics},{name:"access",title:"Access",icon:E.access},{name:"connect",title:"Connect",icon:E.connect},{name:"settings",title:"Settings",icon:E.settings}],Gs=3e3,Ys=4e3,ge=class extends ${constructor(){super(...arguments);this.place=_e();this.message="";this.messageTimer=0}connectedCallback(){super.connectedCallback(),this.listen(window,"hashchange",()=>this.arrived()),this.listen(window,"keydown",e=>this.key(e)),this.listen(window,"toast",e=>this.show(e.detail)),this.listen(c,"change",()=>this.requestUpdate()),this.listen(N,"change",()=>this.requestUpdate()),this.every(Gs,()=>c.refresh()),setInterval(()=>N.lost&&this.requestUpdate(),1e3),c.start()}arrived(){let e=this.place;this.place=_e(),(e.page!==this.place.page||e.namespace!==this.place.namespace)&&this.querySelector("main")?.focus({preventScroll:!0})}show(e){this.message=e,clearTimeout(this.messageTimer),this.messageTimer=window.setTimeout(()=>this.message="",Ys)}key(e){if((e.metaKey||e.ctrlKey)&&e.key.toLowerCase()==="k"){e.preventDefault(),this.openPalette();return}let t=e.composedPath()[0];if(!(t.isContentEditable||/^(INPUT|TEXTAREA|SELECT)$/.test(t.tagName??"")||e.metaKey||e.ctrlKey||e.altKey||document.querySelector("dialog[open]"))){if(e.key==="?")new ne().open();else if(e.key==="/"){let a=this.querySelector("main [data-filter]");a&&(e.preventDefault(),a.focus(),a.select())}}}openPalette(){!document.querySelector("dialog[open]")&&!c.mustSignIn&&new J(this.commands(),this.place.namespace).open()}commands(){let{namespace:e}=this.place,t=Re.map(s=>({text:s.title,hint:"page",run:()=>v(f(s.name))}));for(let s of c.namespaces??[])t.push({text:s.title,hint:"namespace",run:()=>v(f("browse",s.id))});if(e){let s=c.title(e);t.push({text:`New entry in ${s}`,hint:"action",run:()=>v(f("browse",e,{new:1}))},{text:`Import into ${s}`,hint:"action",run:()=>v(f("browse",e,{import:1}))},{text:`Watch ${s} live`,hint:"action",run:()=>v(f("live",e))},{text:`Connect to ${s}`,hint:"action",run:()=>v(f("connect",e))})}return t.push({text:"New namespace",hint:"action",run:()=>{ue()}},{text:re()==="dark"?"Light theme":"Dark theme",hint:"action",run:()=>this.switchTheme()},{text:"Show all keys of the keyboard",hint:"?",run:()=>{new ne().open()}}),c.session.signed_in&&t.push({text:"Sign out",hint:"action",run:()=>{this.signOut()}}),t}switchTheme(){qt(),this.requestUpdate()}async signOut(){await yt(),c.ended()}render(){return c.mustSignIn?i`<div class="thread"></div><sign-in-page></sign-in-page>`:(document.title=`${this.heading()} · Selvedge`,i`<div class="thread"></div>
      ${this.side()} ${this.top()}
      <div class="notices" role="status">${this.notices()}</div>
      <main id="main" tabindex="-1" class=${N.lost?"stale":""}>${this.page()}</main>
      <nav class="bottom" aria-label="Pages">
        ${[Re[0],{name:"browse",title:"Browse",icon:E.browse},...Re.slice(1,4)].map(e=>this.pageLink(e,e.name==="browse"?this.firstNamespace():f(e.name)))}
      </nav>
      ${this.message?i`<div class="toast" role="status">${this.message}</div>`:u}`)}firstNamespace(){return f("browse",this.place.namespace||c.namespaces?.[0]?.id||"")}heading(){let e=Re.find(t=>t.name===this.place.page);return e?e.title:this.place.namespace?c.title(this.place.namespace):"Namespaces"}pageLink(e,t){return i`<a href=${t} aria-current=${this.place.page===e.name?"page":"false"}>${e.icon}<span>${e.title}</span></a>`}side(){return i`<aside class="side" aria-label="Navigation">
      <a class="brand" href=${f("overview")}>${De} Selvedge</a>
      <nav aria-label="Pages">${Re.map(e=>this.pageLink(e,f(e.name)))}</nav>
      <h2 id="namespaces-heading">Namespaces</h2>
      <nav class="namespaces" aria-labelledby="namespaces-heading">
        ${c.namespaces?c.namespaces.map(e=>this.namespaceLink(e)):[70,110,84].map(e=>i`<a aria-hidden="true"><span class="skeleton" .style=${`width:${e}px`}></span></a>`)}
        ${c.mayAdminister?i`<button class="link new" @click=${ue}>+ New namespace</button>`:u}
      </nav>
      <footer>
        <span class="grow clip" title=${c.session.cluster?`Cluster ${c.session.cluster}`:""}>${this.who()}</span>
        <button class="button icon plain" aria-label=${re()==="dark"?"Light theme":"Dark theme"} title=${re()==="dark"?"Light theme":"Dark theme"} @click=${this.switchTheme}>
          ${re()==="dark"?E.light:E.dark}
        </button>
        ${c.session.signed_in?i`<button class="link" @click=${this.signOut}>Sign out</button>`:i`<span>${c.session.software?.replace("-SNAPSHOT","")??""}</span>`}
      </footer>
    </aside>`}namespaceLink(e){let t=this.place.namespace===e.id&&["browse","history"].includes(this.place.page);return i`<a href=${f("browse",e.id)} aria-current=${t?"page":"false"} title=${e.title}>
      <span class="clip">${e.title}</span>
      <span class="count">${e.keys!==void 0?m(e.keys):e.counting!==void 0?`${Math.floor(e.counting)} %`:""}</span>
    </a>`}who(){let{session:e}=c,t=e.location||"local";return e.guarded?`${t} · ${e.token?.name||e.token?.grant||"operator"}`:`${t} · open`}top(){let e=["browse","history"].includes(this.place.page),t=this.place.namespace?c.title(this.place.namespace):"";return i`<header class="top">
      <h1 class="clip">
        ${e?i`<span>Namespaces /</span> ${t}`:this.heading()}
      </h1>
      ${this.pill()}
      <button class="find" @click=${this.openPalette} aria-keyshortcuts="Control+K Meta+K">
        ${E.find}<span>Find a key, a namespace, an action</span><kbd aria-hidden="true">${/Mac|iP/.test(navigator.platform)?"⌘K":"Ctrl K"}</kbd>
      </button>
    </header>`}pill(){if(N.lost)return i`<span class="pill wrong">No answer · ${L(N.answered)}</span>`;if(!c.ready)return i`<span class="pill">Connecting</span>`;let e=["Serving",c.session.role??"",c.version?`v ${m(c.version)}`:""].filter(Boolean);return i`<span class="pill well">${e.join(" · ")}</span>`}notices(){if(!N.lost)return u;let e=Math.max(0,Math.ceil((N.next-Date.now())/1e3));return i`<div>
      <span>The server does not answer since ${L(N.answered)}. What you see is from then. Next try in ${R(e,"second")}.</span>
      <button class="link" @click=${()=>N.retry()}>Try now</button>
    </div>`}page(){if(c.failure&&!c.namespaces)return i`<div>${D(c.failure,()=>c.start())}</div>`;if(!c.ready||!c.account)return i`<div>${O()}</div>`;let{page:e,namespace:t}=this.place;switch(e){case"browse":return t?i`<page-browse .place=${this.place}></page-browse>`:i`<div class="empty"><h2>No namespace yet</h2><p>A namespace is a named set of keys.</p>
              <div class="row"><button class="button main" @click=${ue}>New namespace</button></div></div>`;case"live":return i`<page-live .place=${this.place}></page-live>`;case"history":return i`<page-history .place=${this.place}></page-history>`;case"analytics":return i`<page-analytics .place=${this.place}></page-analytics>`;case"access":return i`<page-access .place=${this.place}></page-access>`;case"connect":return i`<page-connect .place=${this.place}></page-connect>`;case"settings":return i`<page-settings .place=${this.place}></page-settings>`;case"overview":return i`<page-overview></page-overview>`;default:return i`<div class="empty"><h2>There is no such page</h2><p>The address names the page “${e}”.</p>
          <div class="row"><a class="button" href=${f("overview")}>Overview</a></div></div>`}}};o([p()],ge.prototype,"place",2),o([p()],ge.prototype,"message",2),ge=o([g("selvedge-console")],ge);Oe();
