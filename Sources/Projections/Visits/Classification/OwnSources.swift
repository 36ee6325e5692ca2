/// What the public lists do not have, in their form (see SourceTable.swift), from the services' own documentation and
/// addresses. An entry here comes before theirs.
enum OwnSources {
    /// Sites a visitor passes on the way and returns from: payment providers, card issuers' 3-D Secure pages, sign-in.
    /// They never start a source.
    static let excluded: StaticString = """
        Payment= paypal.com paypal.me paypalobjects.com klarna.com klarna.net klarnaservices.com checkout.stripe.com
        hooks.stripe.com js.stripe.com pay.stripe.com buy.stripe.com stripe.com/checkout adyen.com adyenpayments.com
        mollie.com sofort.com giropay.de paydirekt.de pay.google.com payments.google.com pay.amazon.com
        payments.amazon.com payments.amazon.de payments.amazon.co.uk pay.apple.com applepay.cdn-apple.com
        secure.worldpay.com worldpay.com sagepay.com opayo.com opayo.co.uk checkout.com authorize.net
        braintreegateway.com
        braintree-api.com paymentsense.com sumup.com squareup.com pay.shopify.com checkout.shopify.com shop.app
        afterpay.com clearpay.co.uk affirm.com sezzle.com zip.co twint.ch datatrans.com postfinance.ch
        checkout.postfinance.ch saferpay.com wallee.com payrexx.com computop-paygate.com payone.com secure.pay1.de
        payu.com payu.in payu.pl przelewy24.pl blik.com dotpay.pl tpay.com ideal.nl bancontact.com multisafepay.com
        buckaroo.nl icepay.com nets.eu dibspayment.eu bambora.com vipps.no mobilepay.dk swish.nu trustly.com
        paysafecard.com
        paysafe.com skrill.com neteller.com redsys.es sis.redsys.es bizum.es nexi.it satispay.com mercadopago.com
        mercadopago.com.br pagseguro.uol.com.br razorpay.com paytm.in securegw.paytm.in ccavenue.com billdesk.com
        alipay.com alipayobjects.com wx.tenpay.com robokassa.ru yoomoney.ru cloudpayments.ru iyzipay.com paytr.com
        coinbase.com/commerce commerce.coinbase.com bitpay.com gocardless.com pay.gocardless.com |
        3-D Secure= arcot.com cardinalcommerce.com centinelapi.cardinalcommerce.com 3dsecure.io netcetera.com
        acs.sia.eu rsa3dsauth.com rsa3dsauth.co.uk securesuite.net securesuite.co.uk 3ds.modirum.com wlp-acs.com
        acs2.swedbank.com touchtechpayments.com mycardsecure.com verifiedbyvisa.com 3d-secure.postfinance.ch viseca.ch |
        Sign-in= accounts.google.com accounts.youtube.com login.microsoftonline.com login.microsoft.com login.live.com
        login.windows.net appleid.apple.com idmsa.apple.com signin.aws.amazon.com auth0.com okta.com onelogin.com
        login.yahoo.com passport.yandex.ru id.vk.com access.line.me kauth.kakao.com nid.naver.com login.salesforce.com
        github.com/login gitlab.com/users/sign_in swissid.ch login.swissid.ch verimi.de netid.de id.me bankid.com
        api.twitter.com/oauth hcaptcha.com challenges.cloudflare.com |
        """

    /// Hosts under a search engine's or network's domain that are neither; they go by their own name.
    static let referrals: StaticString = """
        -= docs.google.com drive.google.com sites.google.com groups.google.com calendar.google.com meet.google.com
        classroom.google.com keep.google.com chat.google.com play.google.com support.google.com developers.google.com
        cloud.google.com colab.research.google.com myaccount.google.com analytics.google.com search.google.com
        tagassistant.google.com tagmanager.google.com lookerstudio.google.com artsandculture.google.com earth.google.com
        photos.google.com workspace.google.com ads.google.com adssettings.google.com feedproxy.google.com
        www.cnn.com disk.yandex.ru metrika.yandex.ru webmaster.yandex.ru market.yandex.ru cloud.yandex.ru dzen.ru
        gist.github.com docs.github.com developers.facebook.com business.facebook.com developer.x.com |
        """

    /// Hosts that serve a search engine's advertisements. Their names stay those of the search engine.
    static let paidSearch: StaticString = """
        Google= doubleclick.net googleadservices.com googlesyndication.com adsensecustomsearchads.com
        syndicatedsearch.goog |
        Yandex= yabs.yandex.ru | Bing= bingads.microsoft.com |
        """

    /// Web mail and mail programs.
    static let email: StaticString = """
        Gmail= mail.google.com com.google.android.gm mail.googleusercontent.com |
        Outlook.com= outlook.live.com mail.live.com outlook.com hotmail.com outlook.office.com outlook.office365.com
        com.microsoft.office.outlook safelinks.protection.outlook.com |
        Yahoo! Mail= mail.yahoo.com mail.yahoo.net mail.yahoo.co.jp com.yahoo.mobile.client.android.mail |
        AOL Mail= mail.aol.com | iCloud Mail= www.icloud.com/mail | Proton= mail.proton.me mail.protonmail.com |
        GMX= deref-gmx.com deref-gmx.net deref-gmx.{} lightmailer.gmx.com lightmailer.gmx.net lightmailer.gmx.{}
        lightmailer-bs.gmx.net lightmailer-bap.gmx.net navigator.gmx.net bap.navigator.gmx.net 3c.gmx.net |
        Web.de= deref-web.de deref-web-02.de 3c.web.de 3c-bap.web.de lightmailer.web.de lightmailer-bap.web.de
        lightmailer-bs.web.de navigator.web.de bap.navigator.web.de |
        Mail.com= deref-mail.com 3c-lxa.mail.com lightmailer.mail.com navigator-lxa.mail.com |
        1und1= deref-1und1-02.de deref-1und1.de | T-online= email.t-online.de |
        Ionos= email.ionos.com mailbusiness.ionos.com email.ionos.{} mailbusiness.ionos.{} |
        Bluewin= email.bluewin.ch webmail.bluewin.ch rich-v01.bluewin.ch rich-v02.bluewin.ch |
        Infomaniak= mail.infomaniak.com mail.infomaniak.ch | UPC= upcmail.hispeed.ch |
        Vodafone= mail.vodafone.de | TIM= webmail.tim.it mail.tim.it | Libero Mail= mail.libero.it mail1.libero.it |
        Orange Webmail= mail01.orange.fr mail02.orange.fr webmail1m.orange.fr wmail.orange.fr messagerie.orange.fr
        messageriepro3.orange.fr | Free Webmail= zimbra.free.fr webmail.free.fr | SFR Mail= messagerie.sfr.fr |
        La Poste= webmail.laposte.net | Seznam Mail= email.seznam.cz | WP Poczta= poczta.wp.pl | Onet Poczta=
        poczta.onet.pl |
        Mail.ru Mail= e.mail.ru touch.mail.ru octavius.mail.ru | Yandex Mail= mail.yandex.ru mail.yandex.com
        mail.yandex.{} |
        Rambler Mail= mail.rambler.ru | QQ Mail= mail.qq.com exmail.qq.com | NetEase Mail= mail.163.com mail.126.com |
        Naver Mail= mail.naver.com | Daum Mail= mail.daum.net | Zoho Mail= mail.zoho.com mail.zoho.eu | Fastmail=
        fastmail.com |
        Tuta= app.tuta.com mail.tutanota.com | Mailbox.org= mailbox.org office.mailbox.org | Posteo= posteo.de |
        Comcast Mail= mail.comcast.net connect.xfinity.com | AT&T Mail= currently.att.yahoo.com | HEY= app.hey.com |
        Superhuman= mail.superhuman.com | Mailchimp= mailchi.mp list-manage.com campaign-archive.com |
        """

    static let assistants: StaticString = """
        Claude= com.anthropic.claude | ChatGPT= com.openai.chatgpt | Poe= poe.com | Character.AI= character.ai |
        Perplexity= ai.perplexity.app.android | Gemini= com.google.android.apps.bard | Phind= phind.com |
        Deepseek= deepseek.com com.deepseek.chat | Kimi= kimi.com kimi.moonshot.cn | Manus= manus.im |
        Mistral= mistral.ai | Pi= pi.ai | HuggingChat= huggingface.co/chat | Copilot= m365.cloud.microsoft |
        """

    static let social: StaticString = """
        Facebook= lm.facebook.com com.facebook.katana com.facebook.orca com.facebook.lite messenger.com fb.com |
        Instagram= com.instagram.android | Twitter= com.twitter.android | LinkedIn= com.linkedin.android |
        Pinterest= pin.it pinterest.it pinterest.at pinterest.com.mx pinterest.co.kr com.pinterest |
        Telegram= t.me telegram.me telegram.org org.telegram.messenger.web | WhatsApp= web.whatsapp.com
        whatsapp.com wa.me
        com.whatsapp | TikTok= com.zhiliaoapp.musically | YouTube= com.google.android.youtube m.youtube.com |
        Snapchat= sc.snap.com | Lnk.Bio= lnk.bio | Linktree= linktr.ee | Quora= quora.com | Medium= medium.com |
        Substack= substack.com | Lobsters= lobste.rs | Product Hunt= producthunt.com | Slack= com.slack |
        Odnoklassniki= ok.ru | Viber= viber.com | LINE= line.me | Nextdoor= nextdoor.com | Twitch= twitch.tv |
        Lemmy= lemmy.world lemmy.ml | Kakao= kakao.com | Band= band.us | Zhihu= zhihu.com | Xiaohongshu=
        xiaohongshu.com |
        """

    static let search: StaticString = """
        Google= com.google.android.googlequicksearchbox com.google.android.gms | AOL= aolsearch.com |
        Ecosia= com.ecosia.android | DuckDuckGo= com.duckduckgo.mobile.android html.duckduckgo.com
        start.duckduckgo.com |
        Ask Toolbar= search.tb.ask.com | Startpage= startpage.{} | Naver= m.search.naver.com | Marginalia=
        marginalia.nu |
        """

    /// What people write into tags for the advertisements of `paidSearch`.
    static let paidSearchAliases: StaticString = """
        Google= adwords googleads google-ads google_ads google_adwords gads google-adwords |
        Bing= bingads bing-ads bing_ads microsoft-ads microsoft_ads | Yandex= yandex-direct yandex_direct |
        """

    /// What people write into tags for names of the lists.
    static let aliases: StaticString = """
        Bing= microsoft msn | Facebook= fb facebook-ads facebook_ads fb-ads fb_ads facebookads fbads meta meta-ads meta_ads |
        Instagram= ig insta instagram-ads instagram_ads | Twitter= x twitter-ads twitter_ads twitterads x-ads |
        LinkedIn= linkedin-ads linkedin_ads linkedinads | TikTok= tiktok-ads tiktok_ads tiktokads | YouTube= yt |
        Pinterest= pinterest-ads pinterest_ads pin | reddit= reddit-ads reddit_ads redditads | Snapchat= snap |
        Yahoo!= yahoo | Vkontakte= vk | Hacker News= hn hackernews |
        ChatGPT= openai chat-gpt | Claude= anthropic | Gmail= googlemail | DuckDuckGo= ddg |
        """
}
