import{a as e,p as a,q as r,t as l}from"./chunk-KPWEZDES.js";var n=class{constructor(s){this.total=s;this.done=0;this.failed=0;this.start=performance.now()}render(s){let o=performance.now()-this.start,t=o>500?this.done/o*1e3:0,d=t>0&&this.total>this.done?`, ${l((this.total-this.done)/t*1e3)} left`:"",i=this.total>0?Math.min(100,this.done/this.total*100):0;return e`<div role="status">
      <div class="meter" role="progressbar" aria-label="Progress" aria-valuemin="0" aria-valuemax="100" aria-valuenow=${Math.floor(i)}><div .style=${`width:${i}%`}></div></div>
      <p>${a(this.done)}${this.total?` of ${a(this.total)}`:""} ${s}${this.failed?e`, <span class="wrong">${a(this.failed)} failed</span>`:""} <span class="mute">${t?`${r(t)} a second${d}`:""}</span></p>
    </div>`}};export{n as a};
