/// The browser runtime, made from `tags/src` by `scripts/embed-tags`: change it there.
package enum RuntimeModules {
    /// What a script is joined from, in the order in which it stands there.
    package static let parts: [RuntimePart] = [
        RuntimePart(
            "page", needs: [],
            code: ###"""
var bt=window,{src:rt="",nonce:Nt}=document.currentScript||{},K=bt.google_tag_manager=bt.google_tag_manager||{},U=t=>{try{return t()}catch(e){}};
"""###),
        RuntimePart(
            "runtime", needs: ["page"],
            code: ###"""
var So={functions:[],tags:{},m:{},variables:{},y(){},_:(...[,,,t,e])=>t(e),E:t=>!t[0],resolve:t=>t,l:t=>({...t}),h:(...[,t])=>U(t)},V=So;
"""###),
        RuntimePart(
            "consent", needs: ["page", "runtime"],
            code: ###"""
var Rt=Object.create(null),Ce=[],Vt=0,Me=()=>Ce.forEach(U),Ut=t=>Ce.push(t),ce=t=>{if(navigator.globalPrivacyControl&&/^(ad_|stitching$)/.test(t))return!1;let e=["update","region","default"].find(o=>o+t in Rt);return e&&Rt[e+t]},le=()=>{for(let t=location.hostname;t;t=t.replace(/^[^.]*\.?/,"")){let e=V.data.S.find(([o])=>o.includes(t));if(e)return e}},de=t=>{let e=ce(t);return e==null?!!(le()||{})[2]:e},Le=t=>t?Vt?-1:+t.slice(1).every(de):1,fe=t=>{t>0&&(Vt++,setTimeout(()=>{Vt--,Me()},Math.min(t,1e4)))},Ae=(t,e)=>{let o=t=="update";if(o||t=="default"){for(let n in e){let s=e[n]=="granted";o||!e.region?Rt[t+n]=s:s||(Rt["region"+n]=s)}o?Vt=NaN:fe(e.wait_for_update),Me()}};
"""###),
        RuntimePart(
            "dataLayer", needs: ["page"],
            code: ###"""
var qt=(/[?&]l=([^&#]+)/.exec(rt)||["","dataLayer"])[1],it=Array.isArray(bt[qt])?bt[qt]:bt[qt]=[],Gt=/(^|\.)(__proto__|constructor|prototype)(\.|$)/,wt,Wt,xt=[],Pe=0,ue=!1,Ie,me,{isArray:Ft}=Array,pe=(t,e)=>({}).toString.call(t)==`[object ${e}]`,je=()=>Object.create(null),vt=t=>{let e=pe(t,"Object")&&Object.getPrototypeOf(t);return e?!Object.getPrototypeOf(e):e===null},De=(t,e,o,n,s)=>{let r=Ft(o)?Ft:vt;if(!Gt.test(e))if(r(o)&&s.length<99&&!s.includes(o)){(n||!r(t[e]))&&(t[e]=Ft(o)?[]:{});for(let i of Object.keys(o))i!="_clear"&&De(t[e],i,o[i],o._clear,s.concat([o]))}else t[e]=o},lt=t=>Gt.test(t)?void 0:String(t).split(".").reduce((e,o)=>e==null?void 0:e[o],wt),Ct=(t,e,o)=>{if(Gt.test(t))return;o&&Ct(t);let n=String(t).split(".");for(Wt[t]=e;n[1]!=null;)e={[n.pop()]:e};De(wt,n[0],e,0,[])},Ne=()=>{wt=je(),Wt=je()};Ne();var Mt={name:qt,get:lt,set:Ct,reset:Ne},Re=t=>{if(typeof t=="function")t.call(Mt);else if(Ft(t)){let e=t[0].split("."),o=e.pop(),n=e.length?lt(e.join(".")):wt;Gt.test(o)||n[o](...t.slice(1))}else if(pe(t,"Arguments"))Re(me(t));else if(vt(t)){for(let e of Object.keys(t))e!="_clear"&&Ct(e,t[e],t._clear);t.event&&Ie(t)}},Ht=()=>{if(!ue){ue=!0;for(let t=0;xt.length&&!Pe;t++){if(t>998){setTimeout(Ht);break}U(()=>Re(xt.shift()))}ue=!1}},Ve=t=>{Pe+=t,Ht()},zt=t=>it.push(t),Yt=(t,e,o)=>{let n=it.push;Ie=e,me=o;let s=r=>pe(r,"Arguments")&&r[0]=="consent"&&r[1]=="default"&&U(()=>me(r));it.forEach(s),xt=t.concat(it),it.push=function(){let r=n.apply(it,arguments);return[].forEach.call(arguments,s),xt.length<5e3&&xt.push.apply(xt,arguments),it.length>300&&it.splice(0,it.length-300),Ht(),r},Ht()};
"""###),
        RuntimePart(
            "commands", needs: ["consent", "dataLayer"],
            code: ###"""
var Ue=({length:t,0:e,1:o,2:n,3:s})=>{if(e=="consent"&&Ae(o,n),e=="set")return t==2?vt(o)&&o:t==3&&typeof o=="string"&&{[o]:n};if(e=="js")return{"gtm.start":+o,event:"gtm.js"};if(e=="get"&&s(lt(n)),e=="event"&&o){let r=n||{};return{_clear:1,event:o,eventModel:r,eventCallback:r.event_callback,eventTimeout:r.event_timeout}}};
"""###),
        RuntimePart(
            "preview", needs: ["page"],
            code: ###"""
var qe=({i:t,p:e},o)=>{try{let[,n]=/highland_preview=([\w-]{22})/.exec(e?"":location+sessionStorage[t]);document.head.append(Object.assign(document.createElement("script"),{nonce:Nt,onerror:o,src:rt.split("tags/"+t)[0]+"tags/"+t+"/preview/"+n+".js?"+rt}))}catch(n){o()}};
"""###),
        RuntimePart(
            "run", needs: ["consent", "runtime"],
            code: ###"""
var _o=1e4,Eo=50,ge=[],he=[];Ut(()=>he.splice(0).forEach(t=>t()));var Bt=(t,e,o,n)=>{let{t:s,p:r,o:i,c:a,w:c}=V.data.G[t],l=Date.now(),d=Le(a);if(c&&(l<c[0]||l>=c[1]))return o(0);if(i&&ge[t]&&(i>1||ge[t]==e))return o(1);if(d<1)return(d||a[0])&&he.length<Eo&&(V.h(e,()=>V.l(r)),he.push(()=>Bt(t,e,d?o:()=>{},n)),d)?void 0:o(0);let f=m=>{let u=0,g=_=>u++||m(_),b={place:t,event:e,ok:()=>g(1),fail:()=>g(0)};ge[t]=e,setTimeout(g,_o),V.h(e,()=>(V.tags[s](V.l(r),b),1),b)||g(0)};V._(t,e,n.concat(t),f,o)};
"""###),
        RuntimePart(
            "core", needs: ["commands", "consent", "dataLayer", "page", "preview", "run", "runtime"],
            code: ###"""
var Kt={},Fe=new WeakSet,He=[];Object.assign(V,{nonce:Nt,run:Bt,D:U,get:lt,hold:Ve,consent:ce,granted:de,site:le,onConsent:Ut,model:t=>t?Wt:wt,push:t=>{Fe.add(t),zt(t)},$:t=>He.push(t),onRestore:t=>addEventListener("pageshow",e=>e.persisted&&U(t)),O:t=>document.prerendering?document.addEventListener("prerenderingchange",t):t()});var Oo=t=>{let e=String(t.event),o="gtm.uniqueEventId";if(/^gtm\.(init.*|js|dom|load)$/.test(e)&&(Kt[e]=-~Kt[e])>1)return;let n=K.sequence=-~K.sequence;t[o]=t[o]||n,Ct(o,n),Ge({name:e,id:n,message:t,n:[],x:[]})},Ge=t=>{let{name:e,message:o}=t,n=o["gtm.triggers"];t.n=[],V.h(t,()=>V.data.T.forEach(([,s,{eventName:r},i],a)=>{(!r||e==V.resolve(r)&&(!n||Fe.has(o)&&n.split(",").includes(i)))&&V.E(s)&&t.n.push(a)})),V.y(t,()=>Ge(t))||To(t)},To=t=>{let{data:e}=V,{eventCallback:o,eventTimeout:n}=t.message,s=1,r=0,i=()=>{--s||a()},a=()=>{s=-1,o&&U(()=>o(e.a||e.i))},c=(m=[])=>m.some(u=>t.n.includes(u)),l=m=>+V.resolve(e.G[m].r)||0;He.forEach(m=>U(()=>m(t)));let d=[...e.G.keys()].filter(m=>c(e.G[m].f)).sort((m,u)=>l(u)-l(m)),f=()=>{for(;r<d.length;r++){let m=d[r];if(!c(e.G[m].b)){if(V.y(t,f,m))return;s++,Bt(m,t,i,[])}}i()};o&&setTimeout(()=>s>0&&a(),n>0?n:2e3),f()},$o=(t,e)=>{let o=t.a||t.i;K[t.i]||(K[t.i]={dataLayer:Mt},K[o]=K[o]||K[t.i],V.data=t,V.base=rt.split("tags/"+t.i)[0],e.forEach(n=>U(()=>n(V))),V.O(()=>{let n=document.readyState,s=(r,i,a)=>{let c=()=>Kt[r]||zt({event:r});i?c():addEventListener(a,c)};fe((t.C||{}).w),t.T.forEach((r,i)=>U(()=>V.m[r[0]](r,i))),Yt([{event:"gtm.init_consent"},{event:"gtm.init"}],Oo,Ue),Kt["gtm.js"]||zt({"gtm.start":Date.now(),event:"gtm.js"}),s("gtm.dom",n!="loading","DOMContentLoaded"),s("gtm.load",n=="complete","load")}))},Co=(t,e)=>qe(t,()=>$o(t,e));
"""###),
        RuntimePart(
            "noop", needs: ["dataLayer", "page"],
            code: ###"""
var Mo=t=>{let e=t.a||t.i;K[t.i]||(K[t.i]={dataLayer:Mt},K[e]=K[e]||K[t.i],Yt([],({eventCallback:o})=>o&&o(e),([o,n,s,r])=>{if(o=="set")return vt(n)?n:typeof n=="string"&&{[n]:s};if(o=="get"&&r(lt(s)),o=="event"&&s)return{event:n,eventCallback:s.event_callback}}))};
"""###),
        RuntimePart(
            "modules/analytics", needs: [],
            code: ###"""
var ze=t=>{let e=document.cookie.split(";").map(o=>o.trim()).find(o=>o.startsWith(t));return e?e.slice(e.indexOf("=")+1):""},We=t=>()=>{let e=ze("_ga_").split(".").slice(2).join(".").split(/[.$]/)[t];return e?e.replace(/^[so]/,""):void 0},Lo=t=>{t.variables.analyticsClientId=()=>ze("_ga=").split(".").slice(-2).join(".")||void 0,t.variables.analyticsSessionId=We(0),t.variables.analyticsSessionNumber=We(1)};
"""###),
        RuntimePart(
            "listening", needs: ["page"],
            code: ###"""
var Be=4e3,P=t=>(...e)=>U(()=>t(...e)),Y=(t,e)=>t.E(e[4]||[]),Z=(t,e)=>(t.getAttribute&&t.getAttribute(e)||"").slice(0,Be),Ye=(t,e)=>{let o=t[e];return o&&o.tagName&&(o=t.cloneNode()[e]),o&&o.baseVal&&(o=U(()=>new URL(o.baseVal,t.baseURI).href)),typeof o=="string"?o:""},Jt=t=>Z(t,"formaction")&&Ye(t,"formAction")||["action","href","src","code","codebase"].reduce((e,o)=>e||Ye(t,o),""),at=(t,e,o)=>({event:t,"gtm.element":e,"gtm.elementClasses":Z(e,"class"),"gtm.elementId":Z(e,"id"),"gtm.elementTarget":Z(e,"target"),"gtm.elementUrl":Jt(e).slice(0,Be),"gtm.triggers":ut(o)}),ut=t=>t.map(e=>e[3]).join(),ot=(t,e,o)=>{let n=[];t.m[e]=s=>{n.push(s)<2&&o(n)}},yt=(t,e,o,n,s)=>{let r=e.filter(i=>Y(t,i));r[0]&&t.push({...at(o,n,r),...s})};
"""###),
        RuntimePart(
            "texts", needs: [],
            code: ###"""
var mt=t=>String(t.innerText||t.textContent||"").slice(0,1e4).trim().replace(/\s+/g," ");
"""###),
        RuntimePart(
            "urls", needs: [],
            code: ###"""
var Ao={"http:":"80","https:":"443","ftp:":"21"},be=t=>String(t)==="true",Ke=t=>String(t||"").split(",").map(e=>e.trim()),jo=(t,e)=>{let o=e.queryKey;for(let n of Array.isArray(o)||be(e.multiQueryKeys)?Ke(o):[o]){let s=t.get(n);if(s||s===""&&!be(e.ignoreEmptyQueryParam))return s}},Lt=(t,e)=>{let o=e.component||"URL";try{let{href:n,protocol:s,hostname:r,port:i,pathname:a,search:c,searchParams:l,hash:d}=new URL(t,document.baseURI),f=a.split("/").pop()||"",m=f&&Ke(e.defaultPages).some(u=>u.replace("/","")===f);return{URL:n.split("#")[0],PROTOCOL:s.slice(0,-1),HOST:be(e.stripWww)?r.replace(/^www\d*\./,""):r,PORT:i||Ao[s]||"",PATH:m?a.slice(0,-f.length):a,EXTENSION:f.split(".").slice(1).pop()||"",QUERY:e.queryKey?jo(l,e):c.slice(1),FRAGMENT:d.slice(1)}[o]}catch(n){return o==="URL"?t:e.queryKey?void 0:""}};
"""###),
        RuntimePart(
            "modules/auto", needs: ["listening", "texts", "urls"],
            code: ###"""
var Po={CLASSES:"elementClasses",ID:"elementId",TARGET:"elementTarget",HISTORY_NEW_URL_FRAGMENT:"newUrlFragment",HISTORY_OLD_URL_FRAGMENT:"oldUrlFragment",HISTORY_NEW_STATE:"newHistoryState",HISTORY_OLD_STATE:"oldHistoryState",ERROR_LINE:"errorLineNumber"},Io=t=>Po[t]||t.toLowerCase().replace(/_(.)/g,(e,o)=>o.toUpperCase()),Je=t=>Lt(t,{component:"HOST",stripWww:!0})||"",Do=(t,e)=>{if(!/^https?:/i.test(t))return!1;let o=Je(t),n=Je(location.href),s=String(e||"").split(",").map(r=>r.trim().toLowerCase());return o!==n&&!o.endsWith("."+n)&&!s.some(r=>r&&o.includes(r))},No=t=>[...t.elements||[]].filter(e=>/^(input|select|textarea)$/i.test(e.tagName)&&!/^(button|hidden|image|reset|submit)$/.test(e.type)),Ro=t=>{let e=n=>t.get("gtm."+n),o=n=>{let s=String(n.varType),r=String(n.setDefaultValue)!=="false",i=e("element");if(s==="URL"){let a=String(e("elementUrl")||r&&n.defaultValue||""),c=n.component||s;return c==="IS_OUTBOUND"?Do(a,n.affiliatedDomains):c==="URL"?a:a&&Lt(a,n)}if(s==="FORM"){let a=e("formSubmitElement");return n.component==="LENGTH"?i&&No(i).length:a&&(/^input$/i.test(a.tagName)?a.value:mt(a))}return s==="TEXT"?i&&mt(i):s==="TAG_NAME"?i&&i.tagName:s==="ATTRIBUTE"&&n.attribute?i&&Z(i,n.attribute):e(Io(s))};t.variables.aev=n=>{let s=o(n);return String(n.setDefaultValue)!=="false"&&n.defaultValue!==void 0&&(s==null||s==="")?n.defaultValue:s}};
"""###),
        RuntimePart(
            "changes", needs: [],
            code: ###"""
var Qt=t=>{let e=!1;new MutationObserver(()=>{e||(e=!0,setTimeout(()=>{e=!1,t()},100))}).observe(document,{childList:!0,subtree:!0,attributes:!0,attributeFilter:["id","class"]})};
"""###),
        RuntimePart(
            "modules/changes", needs: ["changes"],
            code: ###"""
var Vo=t=>{t.M=Qt};
"""###),
        RuntimePart(
            "modules/click", needs: ["listening"],
            code: ###"""
var Uo=t=>ot(t,"click",e=>document.addEventListener("click",P(o=>yt(t,e,"gtm.click",o.composedPath&&o.composedPath()[0]||o.target)),!0));
"""###),
        RuntimePart(
            "modules/code", needs: [],
            code: ###"""
var B,Xt=[],Zt=!1,Qe=(t,e)=>{let{t:o,p:n,s,u:r}=B.data.G[t];B.l(n),(B.tags[o]||{}).A&&(Zt=!0);for(let i of[s,r])i&&e<9&&Qe(i[0],e+1)},Xe=t=>{let e=o=>t?B.h(t.event,()=>B.value(o),t):B.value(o);return Object.assign(e,{s:o=>String(e(o))})},qo=({javascript:t})=>{let e=B.functions[t];return e||(Zt=!0),e.call(window,Xe())},Fo=(t,e,o)=>{Xt&&o!=null&&B.h(t,()=>Qe(o,0));let n=Zt&&Xt;return Zt=!1,n?(t.x.length=0,B.hold(1),n.push(e),!0):!1},xe=()=>{let t=Xt||[];Xt=null;for(let e of t)e(),B.hold(-1)},Ho=()=>{let{base:t,data:e,functions:o,script:n}=B,s=window,r=s.__highland,i=e.U||[],a=0;s.__highland=(d,f,m)=>{if(d!=e.i)return r&&r(d,f,m);m==null?Object.assign(o,f):o[m]=f};let c=()=>{--a<1&&xe()},l=()=>{let d=i.filter((f,m)=>!o[m]);a=d.length,d.forEach(f=>n(t+f,c,c)),a||xe()};n(t+e.u,l,l),setTimeout(xe,2e3)},Go=t=>{B=t,B.variables.jsm=qo,Object.assign(B,{y:Fo,P:Xe}),B.O(Ho)};
"""###),
        RuntimePart(
            "modules/compare", needs: [],
            code: ###"""
var Wo=t=>{let e=o=>new URL(o,location.href).href;Object.assign(t.R,{gt:(o,n,s)=>+s>+n,ge:(o,n,s)=>+s>=+n,lt:(o,n,s)=>+s<+n,le:(o,n,s)=>+s<=+n,css:(o,n,s)=>s.matches(n),url:(o,n)=>e(o)==e(n)})};
"""###),
        RuntimePart(
            "modules/cookie", needs: [],
            code: ###"""
var zo=t=>{t.variables.k=e=>{let n=String(t.get("gtm.cookie")||document.cookie).split(";").map(r=>r.trim()).find(r=>r.startsWith(e.name+"="));if(!n)return;let s=n.slice(String(e.name).length+1);if(String(e.decodeCookie)!=="true")return s;try{return decodeURIComponent(s)}catch(r){return s}}};
"""###),
        RuntimePart(
            "selected", needs: ["page"],
            code: ###"""
var te=t=>U(()=>String(t.selectorType).startsWith("CSS")?document.querySelector(t.elementSelector):document.getElementById(t.elementId))||null;
"""###),
        RuntimePart(
            "modules/dom", needs: ["selected", "texts"],
            code: ###"""
var Yo=t=>{t.variables.d=e=>{let o=te(e),n=e.attributeName;return o?n?n==="value"&&typeof o.value=="string"?o.value:o.getAttribute(n):mt(o):null}};
"""###),
        RuntimePart(
            "modules/ecommerce", needs: [],
            code: ###"""
var Ze="id item_id,name item_name,brand item_brand,category item_category,variant item_variant,list item_list_name,position index",to="id promotion_id,name promotion_name,creative creative_name,position creative_slot",Bo="id transaction_id,affiliation affiliation,revenue value,tax tax,shipping shipping,coupon coupon,list item_list_name,step checkout_step,option checkout_option",eo=(t,e,o)=>(t&&typeof t=="object"&&e.split(",").forEach(n=>{let[s,r]=n.split(" ");t[s]!==void 0&&(o[r]=t[s])}),o),we=(t,e)=>Array.isArray(t)?t.map(o=>eo(o,e,{...o})):void 0,Ko=t=>{if(!t||typeof t!="object")return{};let e={};for(let o in t){let n=t[o],s=o=="impressions"?n:o=="promoView"&&n?n.promotions:void 0;o=="currencyCode"?e.currency=n:s?e.items=we(s,o=="impressions"?Ze:to):n&&(n.products||n.promotions||n.actionField)?(eo(n.actionField,Bo,e),e.items=we(n.products,Ze)||we(n.promotions,to)||e.items):e[o]=n}return e};function Jo(t){t.ecommerce=(e=t.get("ecommerce"))=>Ko(e)}
"""###),
        RuntimePart(
            "modules/elements", needs: [],
            code: ###"""
var Qo=t=>{t.script=(e,o,n,s)=>{let r=Object.assign(document.createElement("script"),{async:!0,onload:o,onerror:n});for(let i in s)r.setAttribute(i,s[i]);return t.nonce&&r.setAttribute("nonce",t.nonce),r.src=e,(document.head||document.documentElement).appendChild(r)},t.image=(e,o,n)=>{Object.assign(new Image,{onload:o,onerror:n,src:e})}};
"""###),
        RuntimePart(
            "modules/error", needs: ["listening"],
            code: ###"""
var Xo=50,Zo=t=>{let e=[],o=0,n=P(s=>{let r=e.filter(i=>Y(t,i));s.message===void 0||!r.length||o++>=Xo||t.push({event:"gtm.pageError","gtm.errorMessage":String(s.message).slice(0,2e3),"gtm.errorUrl":s.filename||"","gtm.errorLineNumber":s.lineno||0,"gtm.triggers":ut(r)})});t.m.jsError=s=>{e.push(s)<2&&window.addEventListener("error",n)}};
"""###),
        RuntimePart(
            "modules/escape", needs: [],
            code: ###"""
var tn=t=>{let e=n=>n.replace(/[&<>"']/g,s=>`&#${s.charCodeAt(0)};`),o=n=>JSON.stringify(n).replace(/</g,"\\u003c");t.F={4:e,5:n=>n.replace(/[^]/gu,s=>{try{return encodeURIComponent(s)}catch(r){return"%EF%BF%BD"}}),6:n=>/^(?!(https?|mailto|tel):)[^/?#]*:/i.test(n.replace(/[\0- ]/g,""))?"#":e(n),7:n=>/^[\w\s#%.,+-]*$/.test(n)?n:"",8:n=>o(n).slice(1,-1),9:n=>/^(-?\d{1,15}(\.\d{1,15})?|true|false|null)$/.test(n)&&!/^-?0\d/.test(n)?n:o(n)}};
"""###),
        RuntimePart(
            "flags", needs: [],
            code: ###"""
var w=t=>t===!0||t==="true";
"""###),
        RuntimePart(
            "waiting", needs: ["flags", "listening"],
            code: ###"""
var en=t=>Math.min(Number(t)>0?Number(t):2e3,1e4),ee=(t,e,o,n)=>{if(!o||!n)return t.push(e),!1;let s=!1,r=!1,i=P(a=>{r||a&&a!==t.data.i&&a!==t.data.a||(r=!0,s&&n())});return e.eventCallback=i,e.eventTimeout=o,t.push(e),r?!1:(s=!0,setTimeout(i,o),!0)},oe=(t,e)=>e.reduce((o,n)=>{let s=t.l(n[2]);return w(s.waitForTags)?Math.max(o,en(s.waitForTagsTimeout)):o},0),ne=(t,e,o)=>e.filter(n=>Y(t,n)&&!(o&&w(t.resolve(n[2].checkValidation)))),se=t=>!t||/^_(self|parent|top)$/i.test(t);
"""###),
        RuntimePart(
            "modules/form", needs: ["listening"],
            code: ###"""
var ve=t=>{let{submit:e}=HTMLFormElement.prototype,o=P(t);HTMLFormElement.prototype.submit=function(){let n=()=>e.call(this);o(this,n)||n()}},on=t=>ot(t,"formSubmission",e=>{let o=(n,s)=>yt(t,e,"gtm.formSubmit",n,{"gtm.formSubmitElement":s});document.addEventListener("submit",P(n=>o(n.target,n.submitter||null))),ve(n=>o(n,null))});
"""###),
        RuntimePart(
            "modules/form-wait", needs: ["listening", "waiting", "modules/form"],
            code: ###"""
var nn=t=>ot(t,"formSubmission",e=>{let{requestSubmit:o,submit:n}=HTMLFormElement.prototype,s,r=(a,c,l,d,f)=>{let m=ne(t,e,l);if(!m.length)return!1;let u=_=>c&&Z(c,"form"+_)||Z(a,_),g=!d&&se(u("target"))&&u("method").toLowerCase()!=="dialog",b=at("gtm.formSubmit",a,m);return b["gtm.formSubmitElement"]=c||null,ee(t,b,g?oe(t,m):0,f)},i=(a,c)=>{s=a;try{o.call(a,c)}catch(l){n.call(a)}s=null};window.addEventListener("submit",a=>{s&&a.target===s&&a.stopImmediatePropagation()},!0),document.addEventListener("submit",P(a=>{let c=a.target,l=a.submitter,d=a.defaultPrevented&&!a.highland;r(c,l,d,a.defaultPrevented,()=>i(c,l))&&(a.highland=!0,a.preventDefault())})),ve((a,c)=>r(a,null,!1,!1,c))});
"""###),
        RuntimePart(
            "modules/format", needs: [],
            code: ###"""
var sn=t=>{t.format=(e,o)=>{let n=i=>o["convert"+i+"ToValue"];if(typeof e=="string"){let i=String(o.caseConversionType).toLowerCase();i==="lowercase"||i==="1"?e=e.toLowerCase():(i==="uppercase"||i==="2")&&(e=e.toUpperCase())}let s=e===null?"Null":e===void 0?"Undefined":e===!0?"True":e===!1?"False":e===""?"Empty":e!==e?"NaN":"";s&&n(s)!==void 0&&(e=n(s));let r=String(o.convertToNumber);if(typeof e=="string"&&e.trim()&&r!=="undefined"&&r!=="false"){let i=Number(e);i===i&&(e=i)}return e}};
"""###),
        RuntimePart(
            "modules/global", needs: [],
            code: ###"""
var rn=t=>{t.variables.j=e=>{try{return String(e.name).split(".").reduce((o,n)=>o==null?void 0:o[n],window)}catch(o){return}}};
"""###),
        RuntimePart(
            "tables", needs: [],
            code: ###"""
var W=(t,e="parameter",o="parameterValue",n={})=>!t||!t.forEach?t&&typeof t=="object"?Object.assign(n,t):n:(t.forEach(s=>{if(!s||s[e]==null||s[o]===void 0)return;let r=(""+s[e]).split(".");if(r.some(c=>c=="__proto__"||c=="constructor"||c=="prototype"))return;let i=r.pop(),a=r.reduce((c,l)=>{let d=c[l];return c[l]=d&&typeof d=="object"?d:{}},n);a[i]=s[o]}),n),dt=t=>{let e={};for(let o in t)t[o]!==void 0&&t[o]!==""&&(e[o]=t[o]);return e};
"""###),
        RuntimePart(
            "modules/google-ads", needs: ["flags", "tables"],
            code: ###"""
var oo=t=>t?(/^\d/.test(t)?"AW-":"")+t:"",an=t=>dt({send_page_view:!1,conversion_linker:t.enableConversionLinker===void 0?void 0:w(t.enableConversionLinker),conversion_cookie_prefix:t.conversionCookiePrefix=="_gcl"?void 0:t.conversionCookiePrefix,restricted_data_processing:w(t.rdp)||void 0,allow_enhanced_conversions:w(t.enableEnhancedConversion)||w(t.enableEnhancedConversions)||void 0});function cn(t){let{send:e,set:o}=t.google,n=(r,i,a,c)=>{let l=oo(r.conversionId);if(!l)return i.fail("no conversion id");let d=r.conversionLabel?l+"/"+r.conversionLabel:l;e(l,i,an(r),["event",a,dt({...c,send_to:d})])},s=(r,i,a,c)=>i=="DATA_LAYER"?t.get(c):r[a];t.tags.googleAdsConversion=(r,i)=>{let a=w(r.enableProductReporting),c=w(r.enableNewCustomerReporting),l=r.productReportingDataSource,d=r.newCustomerReportingDataSource;n(r,i,"conversion",{value:r.conversionValue,currency:r.currencyCode,transaction_id:r.orderId,...a&&{aw_merchant_id:s(r,l,"awMerchantId","aw_merchant_id"),aw_feed_country:s(r,l,"awFeedCountry","aw_feed_country"),aw_feed_language:s(r,l,"awFeedLanguage","aw_feed_language"),discount:s(r,l,"discount","discount"),items:s(r,l,"items","items")},...c&&{new_customer:s(r,d,"awNewCustomer","new_customer"),customer_lifetime_value:s(r,d,"awCustomerLTV","customer_lifetime_value")},user_data:r.cssProvidedEnhancedConversionValue||r.userDataVariable,...W(r.customParams,"key","value")})},t.tags.googleAdsRemarketing=(r,i)=>{let a=w(r.enableDynamicRemarketing);n(r,i,a&&r.eventName||"page_view",{...r.customParamsFormat=="DATA_LAYER"?r.dataLayerVariable:W(r.customParams,"key","value"),...a&&{value:r.eventValue,items:r.eventItems},user_id:r.userId})},t.tags.conversionLinker=(r,i)=>{w(r.enableCrossDomain)&&o("set","linker",{domains:(""+(r.linkerDomains||"")).split(/[\s,]+/).filter(Boolean),accept_incoming:r.acceptIncoming===void 0||w(r.acceptIncoming),decorate_forms:w(r.formDecoration),url_position:r.urlPosition||"query"}),w(r.enableUrlPassthrough)&&o("set","url_passthrough",!0);let a=w(r.enableCookieOverrides)?dt({conversion_cookie_prefix:r.conversionCookiePrefix,cookie_domain:r.conversionCookieDomain,cookie_path:r.conversionCookiePath}):{},c=t.data.G.find(({t:d,p:{conversionId:f}})=>/^googleAds/.test(d)&&f),l=oo(c&&t.resolve(c.p.conversionId));if(!l)return i.ok();e(l,i,{send_page_view:!1,conversion_linker:!0,...a})}}
"""###),
        RuntimePart(
            "modules/google-more", needs: ["flags", "tables"],
            code: ###"""
var ln=t=>{let e=W(t.userProperties,"name","value",{...(t.eventSettingsVariable||{}).user_properties}),o=W(t.eventSettingsTable,void 0,void 0,{...t.eventSettingsVariable});return W(t.eventParameters,"name","value",o),Object.keys(e).length&&(o.user_properties=e),o},dn=t=>{let e=W(t.fieldsToSet,"name","value",{...t.configSettingsVariable});return W(t.fieldsToSet,"fieldName","value",e),W(t.configSettingsTable,void 0,void 0,e),w(t.enableSendToServerContainer)?Object.assign(e,dt({server_container_url:t.serverContainerUrl})):e},fn=t=>{t.I=e=>({...ln(e),...dn(e)})};
"""###),
        RuntimePart(
            "modules/google", needs: ["flags"],
            code: ###"""
function un(t){let{send:e}=t.google,o=n=>t.I?t.I(n):{...n.eventSettingsTable,...n.configSettingsTable};t.tags.googleTag=(n,s)=>{let r=n.tagId||n.measurementId;if(!r)return s.fail("no tag id");let i=o(n);n.sendPageView!==void 0&&(i.send_page_view=w(n.sendPageView));for(let a in i)/^(true|false)$/.test(i[a])&&(i[a]=w(""+i[a]));e(r,s,i)},t.tags.ga4Event=(n,s)=>{let{eventName:r,measurementId:i}=n,a=typeof i=="number"&&(t.data.G[i]||{}).p,c=n.measurementIdOverride||(a?t.resolve(a.tagId||a.measurementId):i);if(!c||c=="none"||!r)return s.fail("no measurement id or event name");let l=n.getEcommerceDataFrom=="dataLayer"?void 0:n.ecommerceMacroData;e(c,s,void 0,["event",""+r,{...w(n.sendEcommerceData)&&t.ecommerce(l),...o(n),send_to:c}])}}
"""###),
        RuntimePart(
            "modules/group", needs: ["listening"],
            code: ###"""
var mn=t=>{let e=[],o=P(n=>{e=e.filter(({trigger:s,missing:r})=>{for(let i of n.n)r.delete(i);return r.size?!0:(t.push({event:"gtm.triggerGroup","gtm.triggers":s[3]}),!1)})});t.m.triggerGroup=P(n=>{let s=t.l(n[2]).triggerIds;!Array.isArray(s)||!s.length||e.push({trigger:n,missing:new Set(s)})<2&&t.$(o)})};
"""###),
        RuntimePart(
            "vendor", needs: [],
            code: ###"""
var $=window,nt=t=>{let e=Object.create(null);return(o,n,s)=>{let r=([{ok:c,fail:l},d])=>{try{d&&d(),c()}catch(f){l(""+f)}},i=e[o];if(i===null)return r([n,s]);if(i)return void i.push([n,s]);let a=e[o]=[[n,s]];t.script(o,()=>{e[o]=null,a.forEach(r)},()=>{delete e[o],a.forEach(([c])=>c.fail("not loaded: "+o))})}};
"""###),
        RuntimePart(
            "modules/gtag", needs: ["vendor"],
            code: ###"""
var re="highlandGoogle",no="https://www.googletagmanager.com/gtag/js?",pn=["ad_storage","ad_user_data","ad_personalization","analytics_storage","functionality_storage","personalization_storage","security_storage"];function gn(t){let e=nt(t),o=new WeakSet,n=Object.create(null),s="",r=!1,i=function(...d){($[re]=$[re]||[]).push(arguments)},a=d=>typeof $.gtag=="function"&&[].some.call(document.scripts,({src:f})=>f.startsWith(no)&&!f.includes("l="+re)&&f.includes("id="+d)),c=()=>{let d={};return pn.forEach(f=>d[f]=t.granted(f)?"granted":"denied"),d},l=()=>{if(r)return;r=!0;let{g:d,w:f}=t.data.C||{};i("consent","default",d&&f?{...c(),wait_for_update:f}:c()),["ads_data_redaction","url_passthrough"].forEach(m=>{let u=t.get(m);u!==void 0&&i("set",m,u)}),i("js",new Date),t.onConsent(()=>i("consent","update",c()))};t.$(d=>{o.has(d.message.eventModel)&&(d.n=[])}),t.google={send(d,f,m,u){let g=a(d),b=g?$.gtag:i;g||l();let _=JSON.stringify(m)||"";if((m?n[d]!==_:!n[d]&&!g)&&(b("config",d,m||{send_page_view:!1}),n[d]=_||"{}"),u&&(o.add(u[2]),b(...u)),g)return f.ok();s=s||d,e(no+"id="+encodeURIComponent(s)+"&l="+re,f)},set(...d){l(),i(...d)}}}
"""###),
        RuntimePart(
            "modules/highland-details", needs: [],
            code: ###"""
var so=t=>t==null||t===""?void 0:""+t,hn=t=>{if(!Array.isArray(t))return t&&typeof t=="object"?t:void 0;let e={};return t.forEach(o=>{o&&so(o.key)&&o.key!="__proto__"&&(e[o.key]=o.value)}),e};function bn(t){let e=t.highland;t.highland=(o,n,s={})=>{let{url:r,title:i,userID:a,id:c}=n,l={...s,properties:{...s.properties,...hn(n.properties)}},d={url:r,title:i,userID:a,id:c};for(let[f,m]of Object.entries(d)){let u=so(m);u&&!(f in s)&&(l[f]=u)}return e(o,n,l)}}
"""###),
        RuntimePart(
            "options", needs: ["flags"],
            code: ###"""
var pt=(t,e)=>{let o=t.tags.highland;t.tags.highland=(n,s)=>{e(n,s)!==!1&&o(n,s)}},kt=(t,e,o,{site:n,userID:s},r)=>{(t.data.G[e].c||[]).slice(1).every(t.granted)&&t.highland(o,{site:n,userID:s},r)},ie=(t,e,o)=>{let n=new Map;return pt(t,(s,{place:r})=>{e(s)&&(n.size||o(),n.set(r,s))}),n};
"""###),
        RuntimePart(
            "modules/highland-engagement", needs: ["options"],
            code: ###"""
var xn=500;function wn(t){let e=new Map,o=0,n=-1,s=0,r=()=>{let l=performance.now();n>=0&&(o+=l-n),n=!document.hidden&&document.hasFocus()?l:-1},i=()=>{let{scrollHeight:l}=document.documentElement,d=Math.round((scrollY+innerHeight)/Math.max(l,1)*100);s=Math.max(s,Math.min(d,100))},a=()=>{r(),s<100&&i(),e.forEach((l,d)=>{let{p:f,url:m,title:u}=l,g=w(f.scrollDepth)&&s>l.told,b=Math.round(o-l.begun);b<xn&&!g||(kt(t,d,"engagement",f,{url:m,title:u,engagement:w(f.engagement)?b:0,properties:w(f.scrollDepth)?{scroll_depth:s}:void 0}),l.begun=o,l.told=s)})},c=()=>{let l=!1,d=()=>{l||(l=!0,setTimeout(()=>{l=!1,i()},100))};addEventListener("focus",r),addEventListener("blur",r),addEventListener("scroll",d,{passive:!0}),addEventListener("pagehide",a,!0),document.addEventListener("visibilitychange",()=>document.hidden?a():r(),!0)};pt(t,(l,{place:d})=>{!w(l.engagement)&&!w(l.scrollDepth)||(e.size?a():c(),r(),(!e.has(d)||l.more)&&(s=0),e.set(d,{p:l,url:l.url||location.href,title:l.title||document.title,begun:o,told:0}))})}
"""###),
        RuntimePart(
            "modules/highland-event", needs: [],
            code: ###"""
var ye=t=>{let e=(""+t).trim().replace(/^([^,.]*),([^,.]*)$/,"$1.$2");return t!=null&&e&&isFinite(+e)&&!/[xXeEoObB]/.test(e)?e:void 0},ae=t=>t==null||t===""?void 0:""+t,vn=t=>({id:ae(t.item_id||t.id||t.sku),name:ae(t.item_name||t.name),quantity:ye(t.quantity),price:ye(t.price)});function yn(t){t.tags.highlandEvent=(e,o)=>{if(!e.name)return o.fail("no name");let n=typeof e.ecommerce=="object"?e.ecommerce:void 0,s=e.ecommerce&&e.ecommerce!=="false"?t.ecommerce(n):{},{items:r=s.items,revenue:i=s.value,currency:a=s.currency}=e,c=ye(i),l=ae(s.transaction_id),d={revenue:c&&{amount:c,currency:ae(a)}};Array.isArray(r)&&(d.items=r.filter(u=>u&&typeof u=="object").slice(0,100).map(vn));let f={};for(let u in s)!/^(items|value|currency)$/.test(u)&&typeof s[u]!="object"&&(f[u]=s[u]);d.properties=f;let m=e.id||l&&e.name+" "+l;t.highland(""+e.name,{...e,id:m},d)?o.ok():o.fail("no site for this host")}}
"""###),
        RuntimePart(
            "modules/highland-forms", needs: ["options"],
            code: ###"""
function kn(t){let e=n=>{let s=n.composedPath()[0],r=c=>s.getAttribute(c)||void 0,i=r("action"),a=i;try{a=new URL(i||"",location.href).pathname}catch(c){}o.forEach((c,l)=>kt(t,l,"form_submit",c,{properties:{form_id:r("id"),form_name:r("name"),form_destination:a}}))},o=ie(t,n=>w(n.forms),()=>document.addEventListener("submit",e,!0))}
"""###),
        RuntimePart(
            "modules/highland-links", needs: ["options"],
            code: ###"""
var Sn=/ (pdf|zip|gz|tar|tgz|bz2|xz|7z|rar|exe|dmg|iso|deb|rpm|jar|docx?|xlsx?|pptx?|epub|csv|mp3|mp4|apk|msi|pkg) $/;function _n(t){let e=s=>s==location.hostname||(t.site()||[[]])[0].some(r=>("."+s).endsWith("."+r)),o=s=>{if(s.type=="auxclick"&&s.button!=1)return;let[r]=s.composedPath(),i=r&&r.closest&&r.closest("a[href],area[href]");if(!i||!/^https?:$/.test(i.protocol))return;let a=i.hasAttribute("download")||Sn.test(` ${i.pathname.split(".").pop().toLowerCase()} `),c=a?"download":e(i.hostname)?"":"outlink";c&&n.forEach((l,d)=>{w(a?l.downloads:l.outbound)&&kt(t,d,c,l,{properties:{target:i.href.slice(0,2e3)}})})},n=ie(t,s=>w(s.downloads)||w(s.outbound),()=>{document.addEventListener("click",o,!0),document.addEventListener("auxclick",o,!0)})}
"""###),
        RuntimePart(
            "modules/highland-navigation", needs: ["options"],
            code: ###"""
var En=60;function On(t){let e=new Map,o=0,n=c=>c?location.href:location.href.split("#")[0],s=(c,l)=>{let{c:d=[0],p:f}=t.data.G[c],m={place:c,ok(){},fail(){}};d.slice(1).every(t.granted)&&t.tags.highland({...t.l(f),more:l},m)},r=()=>{o=0,e.forEach(({fragments:c,seen:l,url:d},f)=>{n(c)!=l&&s(f,{referrer:d})})},i=()=>{o=o||setTimeout(r,En)},a=()=>{["pushState","replaceState"].forEach(c=>{let l=history,d=l[c];l[c]=function(){let f=d.apply(this,arguments);return i(),f}}),addEventListener("popstate",i),addEventListener("hashchange",i)};pt(t,(c,{place:l,event:d,ok:f})=>{if(!w(c.navigation))return;let m=w(c.fragments),u=e.get(l);if(e.size||a(),d&&d.name.startsWith("gtm.historyChange")&&u){if(n(m)==u.seen)return f(),!1;c.more={referrer:u.url}}e.set(l,{fragments:m,seen:n(m),url:location.href})})}
"""###),
        RuntimePart(
            "modules/highland-not-found", needs: ["options"],
            code: ###"""
function Tn(t){let e=o=>{let[n]=performance.getEntriesByType("navigation"),s=n&&n.responseStatus;return!o.more&&(s==404||s==410)||!!document.querySelector(o.notFoundSelector||"[data-highland-not-found]")||!!o.notFoundTitle&&document.title.toLowerCase().includes((""+o.notFoundTitle).toLowerCase())};pt(t,(o,n)=>{if(w(o.notFound)){if(e(o))o.name="404";else if(document.readyState=="loading"&&!o.isRead)return document.addEventListener("DOMContentLoaded",()=>t.tags.highland({...o,isRead:!0},n)),!1}})}
"""###),
        RuntimePart(
            "modules/highland-opt-out", needs: [],
            code: ###"""
var $n="[href$='#highland-opt-out'],[href$='#highland-opt-in'],[data-highland-opt-out],[data-highland-opt-in]";function Cn(t){let e=()=>/(^|;\s*)highland_optout=(?!0?(;|$))/.test(document.cookie),o=()=>document.documentElement.toggleAttribute("data-highland-opted-out",e()),n=r=>{let i=location.hostname,a=(t.site()||[[]])[0].find(m=>("."+i).endsWith("."+m)),c=a&&a!=i?"; domain="+a:"",l=location.protocol=="https:"?"; secure":"",[d,f]=r?[1,3456e4]:[0,0];document.cookie=`highland_optout=${d}; path=/; samesite=lax; max-age=${f}${c}${l}`;try{r&&localStorage.removeItem("highland")}catch(m){}o()},s=t.highland;t.highland=(r,i,a)=>e()||s(r,i,a),document.addEventListener("click",r=>{let i=r.composedPath()[0],a=i&&i.closest&&i.closest($n);a&&(n(a.hasAttribute("data-highland-opt-out")||/opt-out$/.test(a.getAttribute("href")||"")),a.hasAttribute("href")&&r.preventDefault())}),o()}
"""###),
        RuntimePart(
            "modules/highland", needs: [],
            code: ###"""
function Mn(t){let{base:e,consent:o,data:n,granted:s,tags:r}=t,i=e+"collect",a=[],c=[],l={},d=0,f=0,m=!1,u=A=>{let L=s("analytics_storage");try{L&&!m&&(m=!0,a=localStorage.highland.split(`
`).filter(p=>Date.now()-JSON.parse(p).time<864e5).concat(a)),m&&localStorage[L&&A[0]?"setItem":"removeItem"]("highland",A.join(`
`))}catch(p){}},g=A=>{let L="";for(;a[0]&&(!L||(L+a[0]).length<2e4);)A.push(a[0]),L+=`{"sentAt":${Date.now()},${a.shift().slice(1)}
`;return L},b=A=>Object.assign(new Image,{src:i+".gif?event="+encodeURIComponent(A),onerror:()=>{a=[A,...a].slice(-100),T(6e4)}}),_=async()=>{if(f=0,c[0]||!a[0])return;let A=g(c),L=0,p=0;try{let k=await fetch(i,{method:"POST",body:A,keepalive:!d,credentials:"include"});await k.text(),L=k.status,p=+k.headers.get("Retry-After")*1e3}catch(k){}L>499||L==429||!L?(d++&&!L?c.forEach(b):a=c.concat(a).slice(-100),p=Math.min(p||2**d*1e3,3e5)):p=d=0,c=[],u(c),T(p)},T=A=>{f=f||setTimeout(_,A)},I=()=>{let A=d?c.concat(a):c;for(;a[0];){let L=[];navigator.sendBeacon(i,g(L))||L.forEach(b)}A[0]&&u(A)};t.highland=(A,L,p)=>{let k=L.site||(t.site()||[])[1];if(!k)return!1;let O=Date.now();return u([]),a.push(JSON.stringify({site:k,name:A,id:""+Math.random()+O,time:O,url:location.href,referrer:document.referrer,title:document.title,screen:screen.width+"x"+screen.height,consent:{measurement:o("analytics_storage"),personalisation:o("personalization_storage"),advertising:o("ad_storage"),sharing:o("ad_user_data"),stitching:o("stitching")},preview:n.p&&!0,...p})),a=a.slice(-100),T(200),document.hidden&&I(),!0},r.highland=(A,{place:L,ok:p,fail:k})=>{let O=()=>t.highland(A.name||"pageview",A,A.more);if(!O())return k();l[L]||t.onRestore(()=>(n.G[L].c||[]).slice(1).every(s)&&O()),l[L]=1,p()},addEventListener("pagehide",I),document.addEventListener("visibilitychange",I)}
"""###),
        RuntimePart(
            "modules/history", needs: ["listening"],
            code: ###"""
var Ln=t=>{let e=[],o=(s,r)=>{let[i,...a]=location.href.split("#");return{source:s,state:r,url:i,fragment:a.join("#")}},n=()=>{let s=o("",history.state),r=P((i,a)=>{let c=o(i,a);if(i!==s.source&&/popstate|hashchange/.test(i)&&/popstate|hashchange/.test(s.source)&&c.fragment===s.fragment&&c.url===s.url)return;let d=s;s=c;let f=e.filter(m=>Y(t,m));f.length&&t.push({event:"gtm.historyChange","gtm.historyChangeSource":i,"gtm.oldUrlFragment":d.fragment,"gtm.newUrlFragment":c.fragment,"gtm.oldHistoryState":d.state,"gtm.newHistoryState":a,"gtm.oldUrl":d.url,"gtm.newUrl":c.url,"gtm.triggers":ut(f)})});for(let i of["pushState","replaceState"])P(()=>{let a=history[i];history[i]=function(...c){let l=a.apply(this,c);return r(i,c[0]),l}})();window.addEventListener("popstate",i=>r("popstate",i.state)),window.addEventListener("hashchange",()=>r("hashchange",null))};t.m.historyChange=s=>{e.push(s)<2&&n()}};
"""###),
        RuntimePart(
            "modules/html", needs: [],
            code: ###"""
var st,St=new Map,At=[],An=0,ro=t=>e=>{let o=St.get(e);St.delete(e),o&&o[t]()},jn=(t,e,o)=>{if(o)return o.htmlID||(o.htmlID=`${st.data.i}_${++An}`,St.set(o.htmlID,o),St.size>100&&St.delete(St.keys().next().value)),o.htmlID},ao=t=>st.data.V.forEach(([e],o)=>{e=="htmlId"&&delete t.event.x[o]}),io=t=>{let e=document.createElement("template");return e.innerHTML=t,e.content.querySelectorAll("noscript").forEach(o=>o.remove()),[].slice.call(e.content.childNodes)},Pn=t=>{let e=document.createElement("script");for(let{name:o,value:n}of[].slice.call(t.attributes))e.setAttribute(o,n);return st.nonce&&e.setAttribute("nonce",st.nonce),e.async=t.hasAttribute("async"),e.text=t.text,e},In=()=>{let t="",e=(...o)=>{t+=o.join("")};return Object.assign(document,{write:e,writeln:(...o)=>e(...o,`
`)}),()=>(delete document.write,delete document.writeln,t)},Dn=(t,e)=>{let o=st.functions[e];try{return o&&o.call(window,st.P(t)),ao(t),!!o}catch(n){return setTimeout(()=>{throw n}),!1}},Nn=(t,e,o,n)=>{let s=[],r=!0,i=1e4,a=1,c=(m,u)=>{for(let g of m.reverse())s.push([g,u])},l=m=>{r=r&&m,--a||n(r)},d=(m,u)=>{let g=m.getAttribute("data-hl"),b=Pn(m),_=e?In():()=>"",T=g==null&&!!b.src&&!b.async,I=()=>c(io(_()),u);return g!=null?r=Dn(o,+g)&&r:(b.src&&(a++,b.onload=b.onerror=A=>{T&&I(),l(A.type=="load"),T&&f()}),u.appendChild(b)),T||I(),T},f=()=>{for(let m=s.pop();m;m=s.pop()){let[u,g]=m,b=u;if(--i<0)s.length=0,r=!1;else if(u.nodeName=="SCRIPT"){if(d(u,g))return}else{let _=b.querySelector&&b.querySelector("script")&&[].slice.call(u.childNodes);_&&(u.textContent=""),g.appendChild(u),_&&c(_,u)}}l(!0)};c(io(t),document.body),f()},Rn=({html:t,supportDocumentWrite:e},o)=>{let n=e&&e!="false",s=()=>Nn(String(t),n,o,i=>{i?o.htmlID||o.ok():o.fail(),n&&At.shift()&&At[0]&&At[0]()}),r=()=>{n?At.length>=100?o.fail():At.push(s)==1&&s():s()};if(ao(o),document.body)return r();new MutationObserver((i,a)=>{document.body&&(a.disconnect(),r())}).observe(document.documentElement,{childList:!0})},Vn=t=>{st=t,st.variables.htmlId=jn,st.tags.html=Object.assign(Rn,{A:1}),Object.assign(window.google_tag_manager[st.data.i],{onHtmlSuccess:ro("ok"),onHtmlFailure:ro("fail")})};
"""###),
        RuntimePart(
            "modules/image", needs: [],
            code: ###"""
var Un=t=>{t.tags.image=({url:e,useCacheBuster:o,cacheBusterQueryParam:n},s)=>{let[r,i]=String(e).split("#"),a=o&&o!="false",c=`${n||"gtmcb"}=${Math.floor(Math.random()*2e9)}`,l=a?r+(r.includes("?")?"&":"?")+c:r;t.image(i==null?l:`${l}#${i}`,s.ok,s.fail)}};
"""###),
        RuntimePart(
            "modules/link", needs: ["listening"],
            code: ###"""
var qn=t=>t.composedPath().slice(0,100).find(e=>/^(a|area)$/i.test(e.tagName)),ke=t=>["click","auxclick"].forEach(e=>document.addEventListener(e,P(o=>{let n=o.button!=2&&qn(o);n&&t(o,n)}))),Fn=t=>ot(t,"linkClick",e=>ke((o,n)=>yt(t,e,"gtm.linkClick",n)));
"""###),
        RuntimePart(
            "modules/link-wait", needs: ["listening", "waiting", "modules/link"],
            code: ###"""
var Hn=(t,e)=>{let o=Jt(e);return!(t.button||t.ctrlKey||t.shiftKey||t.altKey||t.metaKey)&&o&&!/^javascript:/i.test(o)&&!e.hasAttribute("download")&&se(Z(e,"target"))&&!(o.includes("#")&&o.split("#")[0]===location.href.split("#")[0])},Gn=t=>{let e=document.createElement("a");e.href=Jt(t);for(let o of["target","rel","referrerpolicy","ping"])t.hasAttribute(o)&&e.setAttribute(o,t.getAttribute(o));e.click()},Wn=t=>ot(t,"linkClick",e=>ke((o,n)=>{let s=o.defaultPrevented&&!o.highland,r=ne(t,e,s);if(!r.length)return;let i=o.defaultPrevented||!Hn(o,n)?0:oe(t,r),a=at("gtm.linkClick",n,r);ee(t,a,i,()=>Gn(n))&&(o.highland=!0,o.preventDefault())}));
"""###),
        RuntimePart(
            "modules/linkedin", needs: ["vendor"],
            code: ###"""
var zn="https://snap.licdn.com/li.lms-analytics/insight.min.js",co=t=>(""+(t||"")).split(/[\s,]+/).filter(Boolean);function Yn(t){let e=nt(t),o=!1;t.tags.linkedinInsight=(n,s)=>{let r=co(n.partnerId||n.id);if(!r[0])return s.fail("no partner id");let i=$._linkedin_data_partner_ids=$._linkedin_data_partner_ids||[];r.forEach(d=>i.includes(d)||i.push(d));let a=!$.lintrk;if(a){o=!0;let d=[];$.lintrk=Object.assign((...f)=>void d.push(f),{q:d})}let c=co(n.conversionId).slice(0,3),l=d=>{n.customUrl&&(d.conversion_url=n.customUrl),n.eventId&&(d.event_id=""+n.eventId),$.lintrk("track",d)};c.forEach(d=>l({conversion_id:+d})),!c[0]&&!a&&l({}),o?e(zn,s):s.ok()}}
"""###),
        RuntimePart(
            "modules/lookup", needs: [],
            code: ###"""
var lo=(t,e)=>e!==void 0||String(t.setDefaultValue)==="false"?e:t.defaultValue,Bn=t=>{let e=new Map,o=(n,s)=>{let r=s+n,i=e.get(r);if(i===void 0){try{i=new RegExp(n,s)}catch(a){i=null}e.size<1e3&&e.set(r,i)}return i};t.variables.smm=n=>{let s=String(n.input),r=(n.map||[]).filter(i=>String(i.key)===s);return lo(n,r.length?r[r.length-1].value:void 0)},t.variables.remm=n=>{let s=String(n.input).slice(0,1e4),r=String(n.ignoreCase)==="true"?"i":"";for(let i of n.map||[]){let a=String(i.key),c=o(String(n.fullMatch)==="true"?`^(?:${a})$`:a,r);if(!(!c||!c.test(s)))return String(n.replaceAfterMatch)==="true"?s.replace(c,String(i.value)):i.value}return lo(n,void 0)}};
"""###),
        RuntimePart(
            "modules/matomo", needs: ["flags", "tables", "vendor"],
            code: ###"""
var ft=t=>t==null||t===""||isNaN(t)?void 0:+t,Kn=t=>[t.sku||t.item_id||t.id,t.name||t.item_name,t.category||t.item_category,ft(t.price),ft(t.quantity)],fo={pageview:t=>[["trackPageView",...t.documentTitle?[""+t.documentTitle]:[]]],event:t=>[["trackEvent",t.eventCategory,t.eventAction,t.eventName,ft(t.eventValue)]],goal:t=>[["trackGoal",t.goalId,ft(t.goalRevenue)]],siteSearch:t=>{let e=t.searchCount===void 0?!1:ft(t.searchCount);return[["trackSiteSearch",t.searchKeyword,t.searchCategory||!1,e]]},productView:t=>[["setEcommerceView",...[t.productSKU,t.productName,t.productCategory].map(o=>o||!1),ft(t.productPrice)]],cartUpdate:t=>[...uo(t),["trackEcommerceCartUpdate",ft(t.grandTotal)]],order:t=>[...uo(t),["trackEcommerceOrder",""+t.orderId,...[t.grandTotal,t.subTotal,t.tax,t.shipping,t.discount].map(ft)]]},uo=t=>Array.isArray(t.items)?t.items.map(e=>["addEcommerceItem",...Kn(e)]):[];function Jn(t){let e=nt(t),o=Object.create(null),n="";t.tags.matomo=(s,r)=>{let i=(""+(s.url||"")).replace(/\/?$/,"/"),a=Object.prototype.hasOwnProperty.call(fo,s.trackType)?s.trackType:"pageview";if(!$._paq&&(i=="/"||!s.siteId))return r.fail("no url or site id");$._paq||(n=i+(s.scriptPath||"matomo.js"));let c=$._paq=$._paq||[],l=i+" "+s.siteId;if(n&&!o[l]){let f=i+(s.trackerPath||"matomo.php");Object.keys(o)[0]?c.push(["addTracker",f,""+s.siteId]):(w(s.disableCookies)&&c.push(["disableCookies"]),c.push(["setTrackerUrl",f],["setSiteId",""+s.siteId]),w(s.linkTracking)&&c.push(["enableLinkTracking"]),w(s.heartBeat)&&c.push(["enableHeartBeatTimer"])),o[l]=1}s.customUrl&&c.push(["setCustomUrl",""+s.customUrl]),s.userId&&c.push(["setUserId",""+s.userId]);let d=W(s.customDimensions,"index","value");for(let f in d)c.push(["setCustomDimension",+f,""+d[f]]);fo[a](s).forEach(f=>{for(;f.length&&f[f.length-1]===void 0;)f.pop();c.push(f)}),a=="productView"&&c.push(["trackPageView"]),n?e(n,r):r.ok()}}
"""###),
        RuntimePart(
            "modules/meta-more", needs: ["flags", "tables", "vendor"],
            code: ###"""
var Qn=" AddPaymentInfo AddToCart AddToWishlist CompleteRegistration Contact CustomizeProduct Donate FindLocation InitiateCheckout Lead PageView Purchase Schedule Search StartTrial SubmitApplication Subscribe ViewContent ",Xn=t=>{t.meta=e=>{let o=""+((e.eventName=="custom"?e.customEventName:e.eventName=="variable"?e.variableEventName:e.standardEventName)||"PageView"),n=w(e.advancedMatching)?W(e.advancedMatchingList,"name","value"):{};n.cn&&(n.country=n.cn),delete n.cn;let s=typeof e.objectPropertiesFromVariable=="object"?e.objectPropertiesFromVariable:{};return w(e.disablePushState)&&($.fbq.disablePushState=!0),e.dpoLDU!==void 0&&$.fbq("dataProcessingOptions",w(e.dpoLDU)?["LDU"]:[],+e.dpoCountry||0,+e.dpoState||0),{name:o,command:Qn.includes(` ${o} `)?"trackSingle":"trackSingleCustom",properties:W(e.objectPropertyList,"name","value",{...s}),visitor:n}}};
"""###),
        RuntimePart(
            "modules/meta", needs: ["flags", "vendor"],
            code: ###"""
var Zn=()=>{if($.fbq)return!1;let t=(...e)=>{t.callMethod?t.callMethod(...e):t.queue.push(e)};return $.fbq=Object.assign(t,{queue:[],push:t,loaded:!0,version:"2.0"}),$._fbq=$._fbq||t,!0},ts=({standardEventName:t,objectPropertyList:e})=>({name:t||"PageView",command:"trackSingle",properties:{...e},visitor:{}});function es(t){let e=nt(t),o=Object.create(null),n=!1,s=!1;t.onConsent(()=>{let r=!t.granted("ad_storage");$.fbq&&Object.keys(o)[0]&&r!=s&&$.fbq("consent",r?"revoke":"grant"),s=r}),t.tags.metaPixel=(r,i)=>{let a=(""+(r.pixelId||"")).split(/[\s,]+/).filter(Boolean);if(!a[0])return i.fail("no pixel id");Zn()&&(n=!0);let{name:c,command:l,properties:d,visitor:f}=(t.meta||ts)(r),m=JSON.stringify(f);r.consent!==void 0&&$.fbq("consent",w(r.consent)?"grant":"revoke"),a.forEach(u=>{o[u]!==m&&(w(r.disableAutoConfig)&&$.fbq("set","autoConfig",!1,u),$.fbq("init",u,f),o[u]=m),$.fbq(l,u,c,d,r.eventId?{eventID:""+r.eventId}:{})}),n?e("https://connect.facebook.net/en_US/fbevents.js",i):i.ok()}}
"""###),
        RuntimePart(
            "modules/microsoft", needs: ["flags", "tables", "vendor"],
            code: ###"""
var os="https://bat.bing.com/bat.js",ns=["disableAutoPageView","enableAutoSpaTracking","navTimingApi","removeQueryFromUrls","storeConvTrackCookies"];function ss(t){let e=nt(t),o=Object.create(null),n=Object.create(null),s=()=>({ad_storage:t.granted("ad_storage")?"granted":"denied"});t.tags.microsoftAds=(r,i)=>{let a=""+(r.uetqName||"uetq");if(/^(__proto__|constructor|prototype)$/.test(a))return i.fail("no name for a queue: "+a);let c=r.eventType&&r.eventType!="PAGE_LOAD";if(!r.tagId&&!c)return i.fail("no tag id");$[a]||(n[a]=1);let l=$[a]=$[a]||[];if(o[a]||(o[a]=1,l.push("consent","default",s()),t.onConsent(()=>$[a].push("consent","update",s()))),c){let d=r.customEventAction||r.eventAction||"";l.push("event",""+d,{...dt({event_category:r.eventCategory,event_label:r.eventLabel,event_value:r.eventValue,revenue_value:r.goalValue,currency:r.p_currency||r.goalCurrency}),...W(r.customParamTable,"customParamName","customParamValue")})}if(!n[a]||!r.tagId)return i.ok();e(os,i,()=>{if(Array.isArray($[a])){let d={ti:""+r.tagId,q:$[a]};ns.forEach(f=>{r["c_"+f]!==void 0&&(d[f]=w(r["c_"+f]))}),$[a]=new $.UET(d)}else if(c)return;w(r.c_disableAutoPageView)||$[a].push("pageLoad")})}}
"""###),
        RuntimePart(
            "modules/misc", needs: [],
            code: ###"""
var rs=t=>{let{variables:e,data:o}=t;e.containerId=()=>o.a||o.i,e.ctv=()=>String(o.v||"QUICK_PREVIEW"),e.debugMode=()=>!!o.p,e.environmentName=()=>o.e.charAt(0).toUpperCase()+o.e.slice(1),e.firstPartyServingUrl=()=>t.base};
"""###),
        RuntimePart(
            "modules/page", needs: [],
            code: ###"""
var is={HOST:"hostname",PATH:"pathname"},Se=(t,e)=>{t.variables.u=o=>e(String(o.customUrlSource||t.get("gtm.url")||location.href),o),t.variables.f=o=>{let n=String(t.get("gtm.referrer")||document.referrer);return n&&e(n,o)}},as=t=>Se(t,(e,{component:o})=>{let n=is[o];try{let s=new URL(e,document.baseURI);return n?s[n]:s.href.split("#")[0]}catch(s){return n?"":e}});
"""###),
        RuntimePart(
            "modules/page-more", needs: ["urls", "modules/page"],
            code: ###"""
var cs=t=>Se(t,Lt);
"""###),
        RuntimePart(
            "panel/text", needs: [],
            code: ###"""
var ls=t=>{let e=t.getAttribute("class"),o=t.getAttribute("id");return"<"+t.localName+(o?"#"+o:"")+(e?"."+e.trim().replace(/\s+/g,"."):"")+">"},tt=(t,e=1e3)=>{let o="",n=[],s=(a,c)=>{if(o.length>e)return;let l=typeof a;if(l=="string"){let d=n.length?Math.min(500,e):e;o+=JSON.stringify(a.length>d?a.slice(0,d)+"…":a)}else l=="function"?o+="function":l=="bigint"||l=="symbol"||a===null||l!="object"?o+=String(a):a===window?o+="window":a.nodeType==1&&typeof a.getAttribute=="function"?o+=ls(a):a.nodeType&&a.nodeName?o+=String(a.nodeName):a instanceof Date||a instanceof RegExp||a instanceof Error?o+=String(a):n.includes(a)?o+="(itself)":n.length>=6?o+="…":(n.push(a),r(a,c+"  ",c),n.pop())},r=(a,c,l)=>{let d=Array.isArray(a),f=Object.keys(a);o+=d?"[":"{",f.slice(0,100).forEach((m,u)=>{o.length>e||(o+=(u?`,
`:`
`)+c+(d?"":JSON.stringify(m.slice(0,200))+": "),i(()=>s(a[m],c)))}),f.length>100&&(o+=`,
${c}… ${f.length-100} more`),o+=(f.length?`
`+l:"")+(d?"]":"}")},i=a=>{try{a()}catch(c){o+="(not readable)"}};return i(()=>s(t,"")),o.length>e?o.slice(0,e)+"…":o},ds={eq:["equals","does not equal"],cn:["contains","does not contain"],sw:["starts with","does not start with"],ew:["ends with","does not end with"],re:["matches the pattern","does not match the pattern"],gt:["is greater than","is not greater than"],ge:["is at least","is not at least"],lt:["is less than","is not less than"],le:["is at most","is not at most"],css:["matches the selector","does not match the selector"],url:["is the URL","is not the URL"]},_t=(t,e,o=0)=>{if(!Array.isArray(t))return tt(t);let[n,...s]=t;if(!n||n>3)return`{{${e[s[0]]}}}`;if(o>6)return"…";if(n>1)return(n>2?"{":"[")+s.map(i=>_t(i,e,o+1)).join(", ")+(n>2?"}":"]");let r=s.map(i=>Array.isArray(i)?_t(i,e,o+1):String(i));return JSON.stringify(r.join(""))},_e=([t,e,o,n],s)=>`${_t(e,s)} ${(ds[t]||[t,"not "+t])[n%2]} `+_t(o,s)+(n&2?", case ignored":""),jt=t=>t<1e3?Math.round(t)+" ms":(t/1e3).toFixed(2)+" s";
"""###),
        RuntimePart(
            "panel/recorder", needs: ["panel/text"],
            code: ###"""
var Oe=500,mo=100,fs=500,po=1e3,go=8e3,ho="the consent manager's first word is waited for",us=1e4,et=()=>performance.now(),Ee=(t,e,o)=>{t.push(e),t.length>o&&t.shift()},ms=t=>{let e=t.map(()=>new Set),o=(r,i,a)=>{if(!r||typeof r!="object"||a>99)return;let c=Array.isArray(r)&&r[0];(c===0||c>3)&&e[r[1]]&&e[r[1]].add(i),Object.keys(r).forEach(l=>o(r[l],i,a+1))};t.forEach((r,i)=>[r[1],r[2]].forEach(a=>o(a,i,0)));let n=new Set,s=t.map((r,i)=>r[0]=="jsm"?i:-1).filter(r=>r>=0);for(;s.length;){let r=s.pop();n.has(r)||(n.add(r),s.push(...e[r]))}return t.map((r,i)=>i).filter(r=>!n.has(r)).slice(0,fs)},bo=(t,e)=>{let{data:o,granted:n,E:s,resolve:r,value:i,h:a}=t,c={entries:[],count:0,errors:[],consents:[]},l=ms(o.V),d=new WeakMap,f=[],m=!1,u=0,g=h=>{h>0&&u>=0&&(u=Math.max(u,et()+Math.min(h,us)))};t.O(()=>g((o.C||{}).w));let b=(h,v)=>{Ee(c.errors,{at:et(),where:h,what:String(v).slice(0,1e3)},mo),e()},_=(h,v,j)=>{let M={number:++c.count,name:h.slice(0,200),isEvent:v,at:et(),message:tt(j,go),model:"",variables:new Map,used:new Map,n:[],failures:new Map,runs:[],changes:0};return Ee(c.entries,M,Oe),e(),M},T=(h,v)=>{h.x.forEach((j,M)=>{v.used.has(M)||v.used.set(M,tt(j))}),v.changes++,e()},I=(h,v)=>o.T.forEach(([,j,{eventName:M},F],G)=>{if(h.n.includes(G)||v.failures.size>=po||M&&h.name!=r(M))return;let X=h.message["gtm.triggers"],H=!M||!X||String(X).split(",").includes(F)?j.findIndex(Q=>!s([Q])):-1;if(H<0){v.failures.set(G,{at:H});return}let[,Dt,$t]=j[H];v.failures.set(G,{at:H,subject:tt(r(Dt)),wanted:tt(r($t))})});t.$(h=>{let v=_(h.name,!0,h.message);d.set(h,v),v.n=h.n.slice(),v.model=tt(t.model(),go),T(h,v),m=!0,a({...h,x:h.x.slice()},()=>{I(h,v),l.forEach(j=>v.variables.set(j,tt(i(j))))}),m=!1});let A=(h,v,j)=>{let M=d.get(v);return M&&M.runs.filter(F=>F.place==h&&j.includes(F.state)).pop()},L=(h,v,j)=>{let M=d.get(h);v&&Object.assign(v,j),M&&T(h,M)},p=(h,v)=>{let j={place:h,state:"kept",reason:"",parameters:[],start:et(),end:0},M=d.get(v);return M&&M.runs.length<po&&M.runs.push(j),j},k=(h,v)=>{let{o:j,c:M,w:F}=o.G[h],G=Date.now();if(F&&G<F[0])return"its schedule begins "+new Date(F[0]).toLocaleString();if(F&&G>=F[1])return"its schedule ended "+new Date(F[1]).toLocaleString();if(j&&f[h]&&(j>1||f[h]==v))return`it runs once ${j>1?"a page load":"an event"}, and has`;let J=(M||[]).slice(1).filter(H=>!n(H)).join(", ");return M&&et()<u?ho+(J&&"; no consent yet: "+J):M&&J?(M[0]?"it waits for consent: ":"consent is lacking: ")+J:M?"it waited for consent":""},{_:O,y:C,run:D}=t,N=(h,v)=>void(p(h,v).reason=k(h,v));t.y=(h,v,j)=>{let M=C(h,v,j);return!M&&j!=null&&N(j,h),M},t.run=(h,v,j,M)=>{N(h,v),D(h,v,j,M)},t._=(h,v,j,M,F)=>{let G=A(h,v,["kept"])||p(h,v),{s:X}=o.G[h],J=X?`its set-up tag “${x(o.N&&o.N.G,X[0])}”`:"its set-up";L(v,G,{state:"held",reason:J+" has not ended",start:et()}),O(h,v,j,H=>{f[h]=v,L(v,G,{state:"runs",reason:"",start:et()}),M(H)},H=>{G.state=="held"&&L(v,G,{state:"kept",reason:H?"it was at it already":J+" failed, or did not run"}),F(H)})};let x=(h,v)=>h&&h[v]||"#"+v;Object.keys(t.tags).forEach(h=>{let v=t.tags[h];t.tags[h]=Object.assign((j,M)=>{let{event:F,place:G,ok:X,fail:J}=M,H=A(G,F,["runs"]),Dt=`tag “${x(o.N&&o.N.G,G)}”`,$t=()=>!!H&&H.state=="runs";L(F,H,{parameters:Object.keys(j).slice(0,100).map(Q=>[Q,tt(j[Q])])}),M.ok=()=>{$t()&&L(F,H,{state:"done",end:et()}),X()},M.fail=Q=>{$t()&&(L(F,H,{state:"failed",reason:String(Q||"it failed").slice(0,1e3),end:et()}),b(Dt,Q||"it failed")),J(Q)};try{v(j,M)}catch(Q){throw $t()&&L(F,H,{state:"failed",reason:String(Q).slice(0,1e3),end:et()}),b(Dt,Q),Q}},v)}),Object.keys(t.variables).forEach(h=>{let v=t.variables[h];t.variables[h]=(j,M,F)=>{try{return v(j,M,F)}catch(G){let X=h=="jsm"?o.V.findIndex(([J,{javascript:H}])=>J==h&&H===j.javascript):-1;throw!m&&(h!="jsm"||t.functions[j.javascript])&&b(X<0?`a variable of the type ${h}`:`variable “${x(o.N&&o.N.V,X)}”`,G),G}}});let S=({1:h,2:v})=>{Ee(c.consents,{at:et(),where:String(h),what:tt(v)},mo),h=="update"&&(u=-1),h=="default"&&v&&g(v.wait_for_update)},E=h=>{({}).toString.call(h)=="[object Arguments]"?(h[0]=="consent"&&S(h),h[0]!="event"&&h[0]!="js"&&_(`gtag: ${h[0]} ${h[1]||""}`,!1,[...h])):typeof h=="function"?_("function",!1,h):Array.isArray(h)?_(`method: ${h[0]}`,!1,h):h&&typeof h=="object"&&!h.event&&_("message",!1,h)},R=window,q=R[R.google_tag_manager[o.i].dataLayer.name],z=q.push,ct=h=>{try{E(h)}catch(v){}};return q.forEach(ct),q.push=function(){for(let h of arguments)ct(h);return z.apply(q,arguments)},t.onConsent(()=>{c.entries.forEach(h=>h.runs.forEach(v=>{v.state!="kept"||!v.reason.startsWith(ho)||(v.reason=k(v.place,{}),h.changes++)})),e()}),addEventListener("error",h=>{h.message&&b("page",`${h.message} (${h.filename}:${h.lineno})`)}),addEventListener("unhandledrejection",h=>b("page","unhandled rejection: "+tt(h.reason))),document.addEventListener("securitypolicyviolation",h=>b("content security policy",`${h.effectiveDirective} refuses ${h.blockedURI}`)),c};
"""###),
        RuntimePart(
            "panel/elements", needs: [],
            code: ###"""
var y=(t,e,...o)=>{let n=document.createElement(t);for(let s in e){let r=e[s];r!==void 0&&r!==!1&&n.setAttribute(s,r===!0?"":String(r))}for(let s of o)s!==void 0&&s!==!1&&n.append(typeof s=="number"?String(s):s);return n},Pt=(t,e,o=200)=>{let n=document.createDocumentFragment();return t.slice(0,o).forEach(s=>n.append(e(s))),t.length>o&&n.append(y("p",{class:"soft"},`… and ${t.length-o} more`)),n},gt=(t,e)=>y("table",{"aria-label":t},Pt(e,([o,n])=>y("tr",{},y("th",{scope:"row"},o),y("td",{},n)),600));
"""###),
        RuntimePart(
            "panel/style", needs: [],
            code: ###"""
var Te=`
:host{all:initial!important;display:block!important;position:fixed!important;z-index:2147483647!important;
  direction:ltr!important;unicode-bidi:isolate!important;visibility:visible!important;opacity:1!important;
  pointer-events:auto!important;transform:none!important;filter:none!important;margin:0!important;padding:0!important;
  border:0!important;inset:auto 0 0 0!important;width:auto!important;height:min(46vh,30rem)!important;
  min-width:0!important;max-width:none!important;min-height:0!important;max-height:none!important;
  color-scheme:light dark!important}
:host([data-dock=right]){inset:0 0 0 auto!important;width:min(34rem,100vw)!important;height:auto!important}
:host([data-dock=small]){inset:auto 12px 12px auto!important;height:auto!important;max-width:calc(100vw - 24px)!important}
@media print{:host{display:none!important}}
*{box-sizing:border-box;font:inherit;color:inherit}
[hidden]{display:none!important}
.panel{--ink:#1c2430;--soft:#5b6675;--line:#d5dbe3;--back:#fff;--raised:#f3f5f8;--mark:#1f5fbf;--good:#1a7340;--bad:#b3261e;
  --odd:#8a5a00;display:flex;flex-direction:column;height:100%;background:var(--back);color:var(--ink);
  font:13px/1.45 system-ui,sans-serif;border-top:2px solid var(--mark);box-shadow:0 0 16px #0004;text-align:left}
@media(prefers-color-scheme:dark){.panel{--ink:#e6eaf0;--soft:#9aa6b5;--line:#3a4350;--back:#171c23;--raised:#222933;
  --mark:#7db0ff;--good:#6fce94;--bad:#ff8f85;--odd:#e8b65a}}
:host([data-dock=right]) .panel{border-top:0;border-left:2px solid var(--mark)}
:host([data-dock=small]) .panel{border:2px solid var(--mark);border-radius:8px;overflow:hidden}
header{display:flex;align-items:center;gap:8px;padding:4px 10px;background:var(--raised);border-bottom:1px solid var(--line);
  flex:none;flex-wrap:wrap}
header b{font-weight:600}
header span{color:var(--soft);flex:1;min-width:0;overflow:hidden;text-overflow:ellipsis;white-space:nowrap}
button{background:none;border:1px solid transparent;border-radius:5px;padding:2px 8px;cursor:pointer;text-align:left}
header button,.more{border-color:var(--line);background:var(--back)}
button:hover{background:var(--raised)}
button:focus-visible,summary:focus-visible,.body:focus-visible{outline:2px solid var(--mark);outline-offset:-2px}
.main{display:flex;flex:1;min-height:0}
.list{width:15rem;flex:none;overflow:auto;border-right:1px solid var(--line);padding:4px}
.list button{display:flex;width:100%;gap:8px}
.list button i{font-style:normal;color:var(--soft);flex:none;min-width:1.6em;text-align:right;font-variant-numeric:tabular-nums}
.list button span{overflow:hidden;text-overflow:ellipsis;white-space:nowrap;flex:1}
.list button em{font-style:normal;color:var(--good);flex:none}
.list .quiet{color:var(--soft)}
.list [aria-current=true],[aria-selected=true]{background:var(--raised);border-color:var(--mark)}
.right{display:flex;flex-direction:column;flex:1;min-width:0}
nav{display:flex;flex-wrap:wrap;gap:2px;padding:4px 8px;border-bottom:1px solid var(--line);flex:none}
.body{flex:1;overflow:auto;padding:6px 10px 12px;overscroll-behavior:contain}
h3{font-weight:600;margin:10px 0 4px;color:var(--soft)}
p{margin:4px 0}
details{border-bottom:1px solid var(--line);padding:3px 0}
summary{cursor:pointer;overflow-wrap:anywhere}
summary b{font-weight:600}
.soft{color:var(--soft)}.good{color:var(--good)}.bad{color:var(--bad)}.odd{color:var(--odd)}
ul{margin:2px 0 6px;padding:0 0 0 20px}
li{overflow-wrap:anywhere}
pre,code{font:12px/1.45 ui-monospace,monospace;white-space:pre-wrap;overflow-wrap:anywhere;margin:0}
pre{padding:6px 8px;background:var(--raised);border-radius:5px}
table{border-collapse:collapse;width:100%;table-layout:fixed}
td,th{text-align:left;vertical-align:top;border-bottom:1px solid var(--line);padding:3px 8px 3px 0;overflow-wrap:anywhere}
th{font-weight:600;width:34%}
:host([data-dock=right]) .main{flex-direction:column}
:host([data-dock=right]) .list{width:auto;height:34%;border-right:0;border-bottom:1px solid var(--line)}
:host([data-dock=right]) .right{min-height:0}
@media(max-width:640px){.main{flex-direction:column}.right{min-height:0}
  .list{width:auto;height:36%;border-right:0;border-bottom:1px solid var(--line)}}
`;
"""###),
        RuntimePart(
            "panel/tabs", needs: ["panel/elements", "panel/text"],
            code: ###"""
var ps=1e4,gs={kept:["odd","not fired"],held:["odd","held"],runs:["odd","not ended yet"],done:["good","done"],failed:["bad","failed"]},xo=({data:t,granted:e,consent:o,site:n},s,r)=>{let i=Object.assign({V:[],T:[],G:[],L:[]},t.N),a=p=>i.G[p]||`tag ${t.G[p].i}`,c=p=>i.T[p]||`trigger ${t.T[p][3]}`,l=(p,k)=>{let[O,C,{eventName:D}]=t.T[p],N=y("b",{},c(p));if(k.n.includes(p))return y("li",{},N,y("span",{class:"good"}," holds"));let x=k.failures.get(p);if(!x)return y("li",{},N,` is for another event (${O}): `,y("code",{},D?_t(D,i.V):"any"));if(x.at<0)return y("li",{},N," was not meant: what it listens to did not happen to it, or its own filters did not hold");let S=C.map((E,R)=>{let[q,z]=R<x.at?["✓ ","good"]:R>x.at?["– not looked at: ","soft"]:["✗ ","bad"];return y("li",{class:z},`${q}condition ${R+1}: `,y("code",{},_e(E,i.V)),R==x.at&&y("div",{},"it was ",y("code",{},x.subject||""),Array.isArray(E[2])&&" and was compared with ",Array.isArray(E[2])&&y("code",{},x.wanted||"")))});return y("li",{},N,` failed at condition ${x.at+1}`,y("ul",{},...S))},d=(p,k,O)=>y("details",{open:r(p),"data-key":p},y("summary",{"data-do":"fold","data-key":"s"+p},...k),...r(p)?O():[]),f=(p,k,O)=>{let[C,D]=gs[p.state],N=t.G[p.place],x=p.state=="runs"&&performance.now()-p.start>ps,S=p.end?` in ${jt(p.end-p.start)}`:x?": after 10 s the page goes on without":"";return d("r"+k,[y("b",{},a(p.place)),y("span",{class:"soft"},` ${N.t} `),y("span",{class:C},D+S),p.reason?": "+p.reason:""],()=>[y("ul",{},...(N.f||[]).map(E=>l(E,O))),gt("Parameters",p.parameters.map(([E,R])=>[E,y("code",{},R)]))])},m=(p,k)=>{let O=t.G[p],C=O.f||[],D=(O.b||[]).filter(S=>k.n.includes(S)),N=C.some(S=>k.n.includes(S)),x=O.f?N?D[0]==null?"its turn has not come":"blocked by "+D.map(c).join(", "):g(C,k):"only other tags call it";return d("t"+p,[y("b",{},a(p)),y("span",{class:"soft"},` ${O.t} `),x],()=>[y("ul",{},...C.map(S=>l(S,k)),...(O.b||[]).map(S=>y("li",{},"blocking: ",c(S),D.includes(S)?" holds":" does not hold")))])},u=([,p])=>Array.isArray(p)&&p[0]===0&&t.V[p[1]][0]=="e",g=(p,k)=>{let O=p.find(N=>{let{at:x}=k.failures.get(N)||{at:-1};return x>=0&&!u(t.T[N][1][x])});if(O==null)return"no trigger of it is for this event";let{at:C,subject:D}=k.failures.get(O);return`${c(O)}: ${_e(t.T[O][1][C],i.V)} failed, it was ${D}`},b=p=>y("h3",{},p);return{Tags:p=>{if(!p.isEvent)return[y("p",{},"A message without an event fires no tags.")];let k=new Map(p.runs.map((E,R)=>[E,R])),O=E=>E.state=="kept"||E.state=="held",C=p.runs.filter(E=>!O(E)),D=p.runs.filter(O),N=new Set(p.runs.map(E=>E.place)),x=[...t.G.keys()].filter(E=>!N.has(E)),S=E=>f(E,k.get(E),p);return[b(`Fired (${C.length})`),Pt(C,S),b(`Not fired (${D.length+x.length})`),Pt(D,S),Pt(x,E=>m(E,p)),...i.L.length?[b(`Not in the container (${i.L.length})`),gt("Left out",i.L)]:[]]},Variables:p=>p.isEvent?[gt("Variables",t.V.map(([k],O)=>{let C=p.used.get(O),D=C===void 0?p.variables.get(O):C,N=C!==void 0?"asked for":D===void 0?"nobody asked for it":"not asked for";return[i.V[O]||`variable ${O}`,y("div",{},y("code",{},D===void 0?"":D),y("span",{class:"soft"},` ${k}, ${N}`))]}))]:[y("p",{},"Variables are worked out for events.")],"Data layer":p=>[b(`Message, ${jt(p.at)} after the page began`),y("pre",{},p.message),...p.isEvent?[b("Data layer after it"),y("pre",{},p.model)]:[]],Consent:()=>{let p=new Set(["ad_storage","ad_user_data","ad_personalization","analytics_storage","functionality_storage","personalization_storage","security_storage",...[].concat(...t.G.map(C=>(C.c||[]).slice(1)))]),k=navigator.globalPrivacyControl,O=C=>y("span",{},y("span",{class:e(C)?"good":"bad"},e(C)?"granted":"denied"),k&&/^(ad_|stitching$)/.test(C)?" by Global Privacy Control":o(C)==null?n()?": nothing was said, the site's setting":": nothing was said":": as the page said");return[b("Now"),gt("Consent",[...p].map(C=>[C,O(C)])),b(`Commands (${s.consents.length})`),gt("Commands",s.consents.map(({at:C,where:D,what:N})=>[`${D}, at ${jt(C)}`,y("code",{},N)])),...s.consents.length?[]:[y("p",{},"The page has said nothing about consent.")]]},Errors:()=>s.errors.length?[gt("Errors",s.errors.map(({at:p,where:k,what:O})=>[`${k}, at ${jt(p)}`,y("code",{},O)]))]:[y("p",{},"No errors.")]}};
"""###),
        RuntimePart(
            "panel/view", needs: ["panel/elements", "panel/recorder", "panel/style", "panel/tabs"],
            code: ###"""
var hs="click dblclick auxclick contextmenu mousedown mouseup mousemove mouseover mouseout pointerdown pointerup pointermove pointerover pointerout touchstart touchmove touchend wheel keydown keyup keypress focusin focusout input change copy cut paste selectstart dragstart",bs=100,xs=1e3,ws=["bottom","right","small"],vs=(t,e)=>{try{let o=new CSSStyleSheet;o.replaceSync(Te),t.adoptedStyleSheets=[o]}catch(o){let n=document.createElement("style");n.nonce=e,n.textContent=Te,t.append(n)}},ys=(t,e)=>{let o=y("span",{}),n=y("div",{class:"list",role:"group","aria-label":"Events, the newest first"}),s=y("nav",{role:"tablist","aria-label":"About the event"},...t.map(f=>y("button",{type:"button",role:"tab",id:"tab-"+f.replace(" ","-"),"data-do":"tab","data-key":"tab"+f,"data-tab":f,"aria-controls":"body"},f))),r=y("div",{class:"body",id:"body",role:"tabpanel",tabindex:"0","data-key":"body"}),i=y("div",{class:"main"},n,y("div",{class:"right"},s,r)),a=(f,m)=>y("button",{type:"button","data-do":f,"data-key":f},m),c=a("dock","Dock right"),l=a("small","Minimise");return{panel:y("section",{class:"panel","aria-label":"Highland preview"},y("header",{},y("b",{},e),o,c,l,a("end","End preview")),i),count:o,list:n,nav:s,body:r,main:i,dock:c,small:l}},wo=(t,e,o)=>{let{data:n,nonce:s}=t,r=document.createElement("highland-preview"),i=r.attachShadow({mode:"open"}),a=new Set,c=xo(t,e,x=>a.has(x)),l=ys(Object.keys(c),"Highland preview"),d=new Map,f,m=!0,u="Tags",g=ws.includes(o.dock)?o.dock:"bottom",b=g=="small"?"bottom":g,_=0,T="",I=0;vs(i,s),i.append(l.panel);let A=()=>{let x=e.count-Oe;d.forEach((S,E)=>{E>x||(S.remove(),d.delete(E))}),e.entries.forEach(S=>{if(S.number>_){let ct=y("button",{type:"button","data-do":"choose","data-key":"e"+S.number,class:S.isEvent?!1:"quiet"},y("i",{},S.number),y("span",{},S.name),y("em",{}));d.set(S.number,ct),l.list.prepend(ct),_=S.number}let E=d.get(S.number),R=S.runs.filter(ct=>ct.state!="kept"&&ct.state!="held").length,q=R?`${R} fired`:"",z=E.lastChild;z.textContent!=q&&(z.textContent=q),E.setAttribute("aria-current",String(S==f))})},L=()=>{let{body:x}=l,S=[u,f&&f.number,f&&f.changes,e.errors.length,e.consents.length,a.size].join();if(S==T)return;let E=T.split(",").slice(0,2).join()==S.split(",").slice(0,2).join();T=S;let R=i.activeElement,q=R&&x.contains(R)&&R!=x&&R.dataset.key,z=x.scrollTop;x.textContent="",x.setAttribute("aria-labelledby","tab-"+u.replace(" ","-")),f?x.append(...c[u](f)):x.append(y("p",{},"Nothing has happened yet.")),x.scrollTop=E?z:0,q&&p(q)},p=x=>{let S=[...i.querySelectorAll("[data-key]")].find(E=>E.dataset.key==x&&E.tabIndex>=0);S&&S.focus()},k=()=>{I=0;let x=document.documentElement;x&&!r.isConnected&&x.append(r),r.dataset.dock=g;let S=g=="small";l.main.hidden=l.dock.hidden=S,l.small.textContent=S?"Open":"Minimise",l.small.setAttribute("aria-expanded",String(!S)),l.dock.textContent=g=="right"?"Dock below":"Dock right";let E=e.errors.length;if(l.count.textContent=`${n.i}, ${e.count} entries${E?`, ${E} errors`:""}`,S)return;let R=e.entries.filter(q=>q.isEvent).pop();(m||!f)&&(f=R||e.entries[e.entries.length-1]),A(),[...l.nav.children].forEach(q=>{let z=q.dataset.tab==u;q.setAttribute("aria-selected",String(z)),q.setAttribute("tabindex",z?"0":"-1")}),L()},O=x=>{x!="small"&&(b=x),g=x,o.setDock(x),k()},C={choose:x=>{let S=Number((x.dataset.key||"").slice(1));f=e.entries.find(E=>E.number==S),m=f==e.entries.filter(E=>E.isEvent).pop(),a.clear(),k()},tab:x=>{u=x.dataset.tab||u,k()},fold:x=>{let S=(x.dataset.key||"").slice(1);!a.delete(S)&&a.size<xs&&a.add(S),T=T.replace(/[^,]*$/,""),k()},dock:()=>O(g=="right"?"bottom":"right"),small:()=>O(g=="small"?b:"small"),end:o.end},D=(x,S)=>{let{key:E}=x;if(E=="Escape"&&g!="small")return O("small"),p("small");let R=S.dataset&&S.dataset.do,q=/^Arrow(Down|Right)$/.test(E)?1:/^Arrow(Up|Left)$/.test(E)?-1:0;if(!q||R!="tab"&&R!="choose")return;x.preventDefault();let z=q>0?S.nextElementSibling:S.previousElementSibling;z&&(z.focus(),C[R](z))},N=x=>{if(x.target!=r)return;x.stopImmediatePropagation();let S=x.composedPath()[0];if(!S.closest)return;if(x.type=="keydown")return D(x,S);let E=S.closest("[data-do]");x.type!="click"||!E||(x.preventDefault(),C[E.dataset.do||""](E))};return hs.split(" ").forEach(x=>window.addEventListener(x,S=>{try{N(S)}catch(E){}},{capture:!0,passive:!1})),()=>{I=I||setTimeout(()=>{try{k()}catch(x){I=0}},bs)}};
"""###),
        RuntimePart(
            "modules/panel", needs: ["page", "panel/recorder", "panel/view"],
            code: ###"""
var ks=/([?&#])highland_preview=[\w-]*(&?)/,Ss=t=>{let{data:e}=t,[,o=""]=/\/preview\/([\w-]+)\.js/.exec(rt)||[],n="highland_preview="+o,s=U(()=>sessionStorage[e.i])||"",r=f=>{o&&U(()=>sessionStorage.setItem(e.i,n+" "+f))},[,i=window==window.top?"bottom":"small"]=/ (\w+)$/.exec(s)||[];r(i);let{href:a}=location,c=a.replace(ks,(f,m,u)=>u?m:"");c!=a&&U(()=>history.replaceState(history.state,"",c));let l=()=>{},d=bo(t,()=>l());t.O(()=>{l=wo(t,d,{dock:i,setDock:r,end:()=>{U(()=>sessionStorage.removeItem(e.i)),location.reload()}}),l()})};
"""###),
        RuntimePart(
            "modules/random", needs: [],
            code: ###"""
var _s=t=>{t.variables.r=e=>{let o=[e.min,e.max].map(r=>r==null||r===""?NaN:+r),[n,s]=o[0]<=o[1]?o:[0,2147483647];return Math.floor(Math.random()*(s-n+1))+n}};
"""###),
        RuntimePart(
            "modules/script", needs: [],
            code: ###"""
var Es=t=>{t.tags.script=Object.assign(({code:e},o)=>{t.functions[e].call(window,t.P(o)),o.ok()},{A:1})};
"""###),
        RuntimePart(
            "starting", needs: [],
            code: ###"""
var It=t=>{let e=String(t==null?"":t).split(",").filter(o=>o.trim()).map(Number);return e.every(isFinite)?e.sort((o,n)=>o-n).slice(0,100):[]},ht=(t,e)=>{let o=document.readyState,n=t=="DOM_READY";t=="CONTAINER_LOAD"||o=="complete"||n&&o!="loading"?e():addEventListener(n?"DOMContentLoaded":"load",e)};
"""###),
        RuntimePart(
            "modules/scroll", needs: ["listening", "starting"],
            code: ###"""
var Os=t=>{let e=[],o=0,n=0,s=0,r=P(()=>{let a=document.scrollingElement||document.documentElement,c=new Map;o=0,n=Math.max(n,Math.ceil(Math.abs(a.scrollLeft))+a.clientWidth),s=Math.max(s,Math.ceil(a.scrollTop)+a.clientHeight),e=e.filter(l=>{let[d,f,m,u]=l,g=m=="vertical"?s:n,b=f=="pixels"?100:m=="vertical"?a.scrollHeight:a.scrollWidth;if(100*g/b<d||!Y(t,u))return!0;let _=d+f+m;c.set(_,[...c.get(_)||[],l])}),c.forEach(l=>t.push({event:"gtm.scrollDepth","gtm.scrollThreshold":l[0][0],"gtm.scrollUnits":l[0][1],"gtm.scrollDirection":l[0][2],"gtm.triggers":ut(l.map(([,,,d])=>d))}))}),i=()=>{e[0]&&(o=o||requestAnimationFrame(r))};t.m.scrollDepth=a=>{let c=t.l(a[2]);ht(c.triggerStartOption,P(()=>{for(let l of["vertical","horizontal"]){let d=String(c[l+"ThresholdUnits"]).toLowerCase(),f={percent:"Percent",pixels:"Pixels"}[d];if(f&&String(c[l+"ThresholdOn"])!="false")for(let m of It(c[l+"Thresholds"+f]))e.push([m,d,l,a])}e.sort(([l],[d])=>l-d),["scroll","resize"].forEach(l=>addEventListener(l,i,{passive:!0})),i()}))}};
"""###),
        RuntimePart(
            "modules/sequence", needs: [],
            code: ###"""
var Ts=t=>{let e={},o=(n,s,r)=>{let{o:i}=t.data.G[n],a=e[n];return!i||!a||i<2&&a.event!=s?!1:(a.waits.length<50?a.waits.push(r):r(1),!0)};t._=(n,s,r,i,a)=>{if(o(n,s,a))return;let{s:c,u:l}=t.data.G[n],d=[a],f=e[n]={event:s,waits:d},m=g=>{e[n]==f&&(e[n]=void 0),d.forEach(b=>b(g))},u=(g,b)=>{!g||r.length>9||r.includes(g[0])?b(1):o(g[0],s,b)||t.run(g[0],s,b,r)};u(c,g=>{if(!g&&c&&c[1])return m(0);i(b=>u(l&&(b||!l[1])?l:void 0,()=>m(b)))})}};
"""###),
        RuntimePart(
            "modules/settings", needs: [],
            code: ###"""
var $e=(t,e,o)=>{let n=Object.create(null);for(let s of t||[])n[s[e]]=s[o];return{...n}},vo=(t,e)=>{let o={};for(let n of e)t[n]!=null&&t[n]!==""&&(o[n]=t[n]);return o},$s=t=>{let{variables:e}=t;e.gtcs=o=>$e(o.configSettingsTable,"parameter","parameterValue"),e.gtes=o=>{let n=$e(o.eventSettingsTable,"parameter","parameterValue"),s=$e(o.userProperties,"name","value");return Object.keys(s).length?{...n,user_properties:s}:n},e.gas=o=>o,e.awec=o=>{if(o.mode==="CODE")return o.dataSource;let n=vo(o,["email","phone_number"]),s=vo(o,["first_name","last_name","street","city","region","postal_code","country"]);return Object.keys(s).length?{...n,address:s}:n}};
"""###),
        RuntimePart(
            "modules/slot", needs: [],
            code: ###"""
function Cs(t){let e=Object.create(null),o=i=>{i.element||i.isOver||(i.element=document.querySelector(i.selector),i.element&&(i.visibility=i.element.style.visibility,i.element.style.visibility="hidden",s(i)))},n=(i,a)=>{i.isOver||(i.isOver=!0,clearTimeout(i.timer),i.element&&(i.element.style.visibility=i.visibility),a?i.call.fail(a):i.call.ok())},s=i=>{let{element:a,decision:c,name:l}=i;!a||!c||i.isOver||(typeof c.html=="string"&&(a.innerHTML=c.html),a.setAttribute("data-highland-variant",""+(c.variant||"")),n(i),t.push({event:"highland.slot",slot:l,variant:c.variant}))},r=async i=>{let a=e[i];delete e[i];try{let c=JSON.stringify({site:i,url:location.href,slots:a.map(({name:f})=>f),consent:{personalisation:t.consent("personalization_storage")}}),l=await fetch(t.base+"decide",{method:"POST",body:c,credentials:"include"}),d=l.ok?(await l.json()).slots:{};a.forEach(f=>{let{name:m}=f;f.decision=d&&Object.prototype.hasOwnProperty.call(d,m)&&d[m],f.decision?s(f):n(f,"no decision: "+l.status)})}catch(c){a.forEach(l=>n(l,""+c))}};t.tags.slot=(i,a)=>{let c=i.site||(t.site()||[])[1],l=""+(i.slot||"");if(!c||!l)return a.fail("no site or slot");let d=i.selector||'[data-highland-slot="'+l.replace(/["\\]/g,"\\$&")+'"]',f=Math.min(+i.timeout||400,2e3),m={name:l,selector:d,call:a,element:null,visibility:"",timer:0};if(document.querySelector(d),m.timer=setTimeout(()=>n(m,"late"),f),o(m),!m.element&&document.readyState=="loading"){let u=new MutationObserver(()=>{o(m),(m.element||m.isOver)&&u.disconnect()});u.observe(document,{childList:!0,subtree:!0}),setTimeout(()=>u.disconnect(),f)}else if(!m.element)return n(m,"no element: "+d);if(e[c]&&e[c].length<50)return void e[c].push(m);e[c]=[m],setTimeout(r,0,c)}}
"""###),
        RuntimePart(
            "modules/text", needs: ["texts"],
            code: ###"""
var Ms=t=>{t.variables.clickText=()=>{let e=t.get("gtm.element");return e&&mt(e)}};
"""###),
        RuntimePart(
            "modules/timer", needs: ["listening"],
            code: ###"""
var Ls=50,As=t=>{t.m.timer=e=>{let o=t.l(e[2]),n=Math.max(Number(o.interval),Ls),s=Number(o.limit)||0;if(!isFinite(n))return;let r=Date.now(),i=0,a=setInterval(P(()=>{if(!Y(t,e))return;let c=Date.now();i++,i===s&&clearInterval(a),t.push({event:o.eventName||"gtm.timer","gtm.timerEventNumber":i,"gtm.timerInterval":n,"gtm.timerLimit":s||null,"gtm.timerStartTime":r,"gtm.timerCurrentTime":c,"gtm.timerElapsedTime":c-r,"gtm.triggers":e[3]})}),n)}};
"""###),
        RuntimePart(
            "modules/values", needs: [],
            code: ###"""
var js=t=>{let{get:e,model:o,D:n}=t,s=null,r,i;Object.assign(t.variables,{c:u=>u.value,e:(u,g)=>g&&g.name,v:u=>{let g=u.dataLayerVersion==1?o(1)[u.name]:e(u.name);return g===void 0&&u.setDefaultValue?u.defaultValue:g}});let a={eq:(u,g)=>u==g,cn:(u,g)=>u.includes(g),sw:(u,g)=>u.startsWith(g),ew:(u,g)=>u.endsWith(g),re:(u,g,b,_)=>new RegExp(g,_?"i":"").test(u.slice(0,1e4))},c=u=>{let g=!s,b=s=s||[];return u in b||(b[u]=void 0,n(()=>{let[_,T,I]=t.data.V[u],A=t.variables[_](d(T),r,i);b[u]=I?t.format(A,d(I)):A})),g&&(s=null),b[u]},l=u=>{if(!Array.isArray(u))return u;let[g,...b]=u;if(!g)return c(b[0]);if(g==1)return b.map(T=>String(l(T))).join("");if(g==2)return b.map(l);if(g>3&&g<10)return t.F[g](String(c(b[0])));let _={};for(;b.length;){let T=l(b.shift()),I=l(b.shift());T!="__proto__"&&(g<9||I!==void 0)&&(_[T]=I)}return _},d=u=>{let g={};for(let b in u)g[b]=l(u[b]);return g};Object.assign(t,{R:a,E:u=>u.every(([g,b,_,T])=>{let I=l(b),A=p=>T&2&&g!="re"?String(p).toLowerCase():String(p);return!n(()=>a[g](A(I),A(l(_)),I,T&2))==!!(T&1)}),resolve:l,l:d,value:c,h:(u,g,b)=>{let _=[s,r,i];[s,r,i]=[u.x,u,b];let T=n(g);return[s,r,i]=_,T}})};
"""###),
        RuntimePart(
            "sight", needs: [],
            code: ###"""
var Et=t=>{let e=t.getBoundingClientRect(),o=document.documentElement,n=Math.min(e.right,o.clientWidth)-Math.max(e.left,0),s=Math.min(e.bottom,o.clientHeight)-Math.max(e.top,0);return n>0&&s>0?n*s/(e.width*e.height):0},Ot=t=>document.hidden||!!t.checkVisibility&&!t.checkVisibility({checkOpacity:!0,checkVisibilityCSS:!0,opacityProperty:!0,visibilityProperty:!0});
"""###),
        RuntimePart(
            "modules/visibility-variable", needs: ["sight", "selected"],
            code: ###"""
var Ps=t=>{t.variables.vis=e=>{let o=te(e);if(!o)return null;let n=Ot(o)?0:Math.round(Et(o)*1e3)/10;return e.outputMethod==="PERCENT"?n:n>0&&n>=(Number(e.onScreenRatio)||0)}};
"""###),
        RuntimePart(
            "modules/visibility", needs: ["flags", "listening", "sight", "starting"],
            code: ###"""
var Is=500,yo=100,Ds=(t,e)=>{let o=t.l(e[2]),n=Math.min((+o.onScreenRatio||50)/100,1),s=w(o.useOnScreenDuration)&&+o.onScreenDuration||0,r=o.firingFrequency=="MANY_PER_ELEMENT",i=new Map,a=0,c=0,l=!1,d=P(()=>{let u=Date.now()-(t.get("gtm.start")||0),g=a?Math.min(u-c,5*yo):0,b=!1;c=u,i.forEach((_,T)=>{l||!_.isOn||_.H||(b=!0,!(Ot(T)||!Y(t,e))&&(_.first==null?_.first=u:_.time+=g,!(_.time<s)&&(_.H=!0,r||f.unobserve(T),l=!r&&o.firingFrequency!="ONCE_PER_ELEMENT",l&&f.disconnect(),t.push({...at("gtm.elementVisibility",T,[e]),"gtm.visibleRatio":Math.round(Et(T)*1e3)/10,"gtm.visibleTime":s,"gtm.visibleFirstTime":_.first,"gtm.visibleLastTime":u}))))}),b?a||(a=setInterval(d,yo)):a=clearInterval(a)}),f=new IntersectionObserver(P(u=>{for(let{target:g,isIntersecting:b,intersectionRatio:_}of u){let T=i.get(g);T&&(T.isOn=b&&_>=n-.001,!T.isOn&&r&&i.set(g,{time:0}))}d()}),{threshold:[0,n]}),m=P(()=>{if(l)return;i.forEach((g,b)=>{b.isConnected||(f.unobserve(b),i.delete(b))});let u=String(o.selectorType).startsWith("CSS")?document.querySelectorAll(o.elementSelector):[document.getElementById(o.elementId)];for(let g of u)!g||i.has(g)||i.size>=Is||(i.set(g,{time:0}),f.observe(g))});ht("DOM_READY",m),ht("",m),t.M&&w(o.useDomChangeListener)&&t.M(m)},Ns=t=>{t.m.elementVisibility=e=>Ds(t,e)};
"""###),
        RuntimePart(
            "modules/youtube", needs: ["changes", "flags", "listening", "sight", "starting"],
            code: ###"""
var Rs="https://www.youtube.com/iframe_api",Vs=50,Us=0,Tt=1,ko=2,qs=3,Fs=(t,e)=>{let o=t.getAttribute("src")||"";if(!/\/\/www\.youtube(-nocookie)?\.com\/embed\//.test(o))return!1;if(/[?&]enablejsapi=1/.test(o))return!0;if(!e)return!1;let n=o.includes("origin=")?"":"&origin="+encodeURIComponent(location.origin);return t.setAttribute("src",o+(o.includes("?")?"&":"?")+"enablejsapi=1"+n),!0},Hs=(t,e,o,n,s)=>{let r=w(o.captureProgress),i=String(o.radioButtonGroup1)==="TIME",a=[],c=-1,l=!1,d=1,f=0,m=0,u=0,g=0,b=()=>Number(n.getDuration())||0,_=()=>{let p=Date.now();m&&(f+=(p-m)/1e3*d),m=p},T=(p,k,O)=>{if(!Y(t,e))return;let C=b(),D=k===void 0?Number(n.getCurrentTime())||0:k,N=n.getVideoData?n.getVideoData():{};t.push(Object.assign(at("gtm.video",s,[e]),{"gtm.videoProvider":"youtube","gtm.videoStatus":p,"gtm.videoUrl":n.getVideoUrl(),"gtm.videoTitle":N&&N.title||"","gtm.videoDuration":Math.round(C),"gtm.videoCurrentTime":Math.round(D),"gtm.videoElapsedTime":Math.round(f),"gtm.videoPercent":O===void 0?Math.round(C?100*D/C:0):O,"gtm.videoVisible":!Ot(s)&&Et(s)>=.5}))},I=()=>{clearTimeout(g);let p=Number(n.getCurrentTime())||0;a=a.filter(O=>O.at>=p-.05);let k=a[0];!k||k.at>b()||d<=0||(g=setTimeout(P(()=>{a.shift(),_(),T("progress",k.at,k.percent),I()}),Math.min(Math.max(k.at-p,0)*1e3/d,2e9)))},A=()=>{l=!0,f=0,m=0,d=Number(n.getPlaybackRate())||1;let p=b();a=r?i?It(o.progressThresholdsTimeInSeconds).map(k=>({at:k})):It(o.progressThresholdsPercent).filter(k=>k>0&&k<100).map(k=>({at:p*k/100,percent:k})):[],w(o.captureStart)&&T("start")},L=P(p=>{let k=c;if(c=p,p===Tt)l||A(),m=Date.now(),u=Number(n.getCurrentTime())||0,I();else if((p===ko||p===qs)&&l&&k===Tt){clearTimeout(g);let O=(Number(n.getCurrentTime())||0)-u,C=Math.abs((Date.now()-m)/1e3*d-O)>1;_(),m=0,w(o.capturePause)&&T(C?"seek":p===ko?"pause":"buffering")}else p===Us&&l?(clearTimeout(g),_(),m=0,l=!1,w(o.captureComplete)&&T("complete",b(),100)):p===-1&&(clearTimeout(g),l=!1)});n.addEventListener("onStateChange",p=>L(p.data)),n.addEventListener("onPlaybackRateChange",P(p=>{c===Tt&&_(),d=Number(p.data)||1,u=Number(n.getCurrentTime())||0,c===Tt&&I()})),n.getPlayerState&&n.getPlayerState()===Tt&&L(Tt)},Gs=t=>{let e=window,o=[],n=!1,s=0,r=a=>{if(e.YT&&e.YT.Player)return a();if(n)return;n=!0;let c=e.onYouTubeIframeAPIReady;e.onYouTubeIframeAPIReady=(...d)=>{c&&c(...d),P(a)()},[...document.scripts].some(d=>/youtube\.com\/(iframe|player)_api/.test(d.src))||t.script(Rs)},i=P(()=>{let a=[...document.getElementsByTagName("iframe")];for(let c of o)for(let l of a){if(c.seen.has(l)||c.count>=Vs||!Fs(l,w(c.settings.fixMissingApi)))continue;if(!(e.YT&&e.YT.Player))return r(i);c.seen.add(l),c.count++,l.id=l.id||"highland-video-"+ ++s;let d=e.YT.get&&e.YT.get(l.id)||new e.YT.Player(l.id);Hs(t,c.trigger,c.settings,d,l)}});t.m.youTubeVideo=P(a=>{let c=t.l(a[2]);ht(c.triggerStartOption||"DOM_READY",P(()=>{o.push({trigger:a,settings:c,seen:new WeakSet,count:0})<2&&Qt(i),i()}))})};
"""###),
    ]
    /// The function that each of `core`, `noop` and the modules begins with.
    package static let starts: [String: String] = [
        "core": "Co",
        "noop": "Mo",
        "ecommerce": "Jo",
        "elements": "Qo",
        "error": "Zo",
        "escape": "tn",
        "form-wait": "nn",
        "form": "on",
        "format": "sn",
        "global": "rn",
        "google-ads": "cn",
        "google-more": "fn",
        "analytics": "Lo",
        "google": "un",
        "group": "mn",
        "gtag": "gn",
        "highland-details": "bn",
        "highland-engagement": "wn",
        "highland-event": "yn",
        "highland-forms": "kn",
        "highland-links": "_n",
        "highland-navigation": "On",
        "highland-not-found": "Tn",
        "auto": "Ro",
        "highland-opt-out": "Cn",
        "highland": "Mn",
        "history": "Ln",
        "html": "Vn",
        "image": "Un",
        "link-wait": "Wn",
        "link": "Fn",
        "linkedin": "Yn",
        "lookup": "Bn",
        "matomo": "Jn",
        "changes": "Vo",
        "meta-more": "Xn",
        "meta": "es",
        "microsoft": "ss",
        "misc": "rs",
        "page-more": "cs",
        "page": "as",
        "panel": "Ss",
        "random": "_s",
        "script": "Es",
        "scroll": "Os",
        "click": "Uo",
        "sequence": "Ts",
        "settings": "$s",
        "slot": "Cs",
        "text": "Ms",
        "timer": "As",
        "values": "js",
        "visibility-variable": "Ps",
        "visibility": "Ns",
        "youtube": "Gs",
        "code": "Go",
        "compare": "Wo",
        "cookie": "zo",
        "dom": "Yo",
    ]
}
