/// TikTok's and Clarity's templates as custom HTML.
enum VendorTemplates {
    /// Clarity's loader with custom tags and an identified visitor. From Microsoft's documentation of the client's API.
    static func clarity(_ parameters: [Parameter.Member]) -> [Parameter.Member]? {
        guard let project = parameters["projectId"]?.text, !project.isEmpty else { return nil }
        var code = "(function(w){w.clarity=w.clarity||function(){(w.clarity.q=w.clarity.q||[]).push(arguments)};\n"
        for row in parameters["custom_tag"]?.items ?? [] {
            guard let key = row.members["key"], let value = row.members["value"], value.text?.isEmpty != true else {
                continue
            }
            code += "w.clarity(\"set\",\(TemplateCode.expression(key)),\(TemplateCode.expression(value)));\n"
        }
        if let user = parameters["userId"], user.text?.isEmpty == false {
            let more = ["sessionId", "pageId", "friendlyName"].map { key in
                parameters[key].map { TemplateCode.expression($0) } ?? "\"\""
            }
            code += "w.clarity(\"identify\",\(TemplateCode.expression(user)),\(more.joined(separator: ",")));\n"
        }
        return TemplateCode.markup(
            code + "})(window);", source: "https://www.clarity.ms/tag/\(TemplateCode.urlPart(project))?ref=hl")
    }

    /// TikTok's pixel: an event, with the visitor's data and the products that the parameters name. The queue and its
    /// script are there already where the site follows TikTok's instructions; where they are not, they are loaded.
    static func tikTok(_ parameters: [Parameter.Member]) -> [Parameter.Member]? {
        guard let event = parameters["event"], let name = event.text, !name.isEmpty else { return nil }
        var visitor: [(String, Parameter)] = []
        let isHashed = parameters["hash"]?.text == "hashed"
        let keys =
            isHashed
            ? [
                ("sha256_email", "sha256_email"), ("sha256_phone_number", "sha256_phone"),
                ("external_id", "sha256_external_id"),
            ]
            : [("email", "email"), ("phone_number", "phone"), ("external_id", "external_id")]
        for (word, key) in keys where parameters["hash"] != nil {
            if let value = parameters[key], value.text?.isEmpty == false { visitor.append((word, value)) }
        }
        var code =
            "(function(w,d){var t=w.ttq,p=\(properties(parameters)),u=\(object(visitor)),n=\(expression(name)),k;\n"
        if let pixel = parameters["pixel_code"]?.text, !pixel.isEmpty { code += loader(TemplateCode.expression(pixel)) }
        code += "if(!t)return;for(k in u){t.identify(u);break}\n"
        if event.text.map(TemplateCode.isReference) == true { code += "k=\(names);if(k.hasOwnProperty(n))n=k[n];\n" }
        var options: [(String, Parameter)] = []
        for key in ["event_id", "pixel_code"] {
            if let value = parameters[key], value.text?.isEmpty == false { options.append((key, value)) }
        }
        code += "t.track(n,p,\(object(options)))})(window,document);"
        return TemplateCode.markup(code)
    }

    /// The name of an event: TikTok's for what GA4 calls otherwise.
    private static func expression(_ name: String) -> String {
        TemplateCode.expression(eventNames.first { $0.0 == name }?.1 ?? name)
    }

    private static let eventNames = [
        ("view_item", "ViewContent"), ("add_to_cart", "AddToCart"), ("add_to_wishlist", "AddToWishlist"),
        ("begin_checkout", "InitiateCheckout"), ("add_payment_info", "AddPaymentInfo"), ("purchase", "CompletePayment"),
        ("sign_up", "CompleteRegistration"), ("search", "Search"), ("generate_lead", "SubmitForm"),
    ]

    private static var names: String {
        "{\(eventNames.map { "\($0.0):\"\($0.1)\"" }.joined(separator: ","))}"
    }

    private static func properties(_ parameters: [Parameter.Member]) -> String {
        var pairs: [(String, Parameter)] = []
        for key in ["currency", "value", "description", "query", "status", "order_id"] {
            if let value = parameters[key], value.text?.isEmpty == false { pairs.append((key, value)) }
        }
        switch parameters["single_multi_product"]?.text {
        case "single":
            for key in ["content_type", "content_id", "content_name", "content_category", "price", "quantity"] {
                if let value = parameters[key], value.text?.isEmpty == false { pairs.append((key, value)) }
            }
        case "multiple":
            if let value = parameters["contents"] { pairs.append(("contents", value)) }
        default: break
        }
        for row in parameters["custom_properties"]?.items ?? [] {
            guard let key = row.members["key"]?.text, !key.isEmpty, let value = row.members["value"] else { continue }
            pairs.append((key, value))
        }
        return object(pairs)
    }

    private static func object(_ pairs: [(String, Parameter)]) -> String {
        "{\(pairs.map { "\(TemplateCode.literal($0.0)):\(TemplateCode.expression($0.1))" }.joined(separator: ","))}"
    }

    /// TikTok's queue: calls wait in an array until the script comes.
    private static func loader(_ pixel: String) -> String {
        """
        if(!t){w.TiktokAnalyticsObject="ttq";t=w.ttq=[];
        t.methods="page track identify instances debug on off once ready alias group enableCookie disableCookie holdConsent \
        revokeConsent grantConsent".split(" ");
        t.setAndDefer=function(o,m){o[m]=function(){o.push([m].concat([].slice.call(arguments)))}};
        t.methods.forEach(function(m){t.setAndDefer(t,m)});
        t.instance=function(i){var a=t._i[i]||[];t.methods.forEach(function(m){t.setAndDefer(a,m)});return a};
        t._i={};t._t={};t._o={};t._i[\(pixel)]=[];t._i[\(pixel)]._u="https://analytics.tiktok.com/i18n/pixel/events.js";
        t._t[\(pixel)]=+new Date;t._o[\(pixel)]={};
        var s=d.createElement("script"),o=d.querySelector("script[nonce]");s.async=true;if(o)s.nonce=o.nonce;
        s.src="https://analytics.tiktok.com/i18n/pixel/events.js?sdkid="+encodeURIComponent(\(pixel))+"&lib=ttq";
        d.head.appendChild(s);t.page()}

        """
    }
}
