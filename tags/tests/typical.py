"""The container that most shops have, as its author would export it: Google's tag with four GA4 events, Meta's pixel by
the template of its gallery, consent denied until a banner says more, and five listeners with conditions."""

from exports import ALL, CONSENT, INIT, condition, export, flag, table, tag, text, thing

MEASUREMENT, PIXEL = "G-4F7K2M9QXT", "284617395028461"
TYPES = ("ad_storage", "ad_user_data", "ad_personalization", "analytics_storage")


def layer(number, name, path):
    return thing("variable", number, name, "v", [
        text("dataLayerVersion", "2", "INTEGER"), flag("setDefaultValue", False), text("name", path)], formatValue={})


def event(number, name, word, trigger, *rows, shop=False):
    more = [text("getEcommerceDataFrom", "dataLayer")] if shop else []
    return tag(number, name, "gaawe", [
        flag("sendEcommerceData", shop), *more, flag("enhancedUserId", False), text("eventName", word),
        text("measurementIdOverride", "{{GA4 ID}}"),
        table("eventSettingsTable", *({"parameter": key, "parameterValue": value} for key, value in rows))],
        [trigger], tagFiringOption="ONCE_PER_EVENT", monitoringMetadata={"type": "MAP"},
        consentSettings={"consentStatus": "NOT_SET"})


def pixel(number, name, word, trigger, *rows, number_of_event=""):
    return tag(number, name, "cvt_1_40", [
        text("pixelId", "{{Meta pixel}}"), text("eventName", "standard"), text("standardEventName", word),
        flag("disableAutoConfig", False), flag("disablePushState", False), flag("advancedMatching", False),
        flag("dpoLDU", False), flag("enhancedEcommerce", False), flag("objectPropertiesFromVariable", False),
        *([table("objectPropertyList", *({"name": key, "value": value} for key, value in rows))] if rows else []),
        *([text("eventId", number_of_event)] if number_of_event else []), flag("consent", True)],
        [trigger], tagFiringOption="ONCE_PER_EVENT",
        consentSettings={"consentStatus": "NEEDED", "consentType": {"type": "LIST", "list": [text("", "ad_storage")]}})


def of_layer(number, name):
    return thing("trigger", number, f"event {name}", "CUSTOM_EVENT",
                 customEventFilter=[condition("EQUALS", "{{_event}}", name)])


def typical(consent=False, wait=500):
    """The export; with `consent` the default is a tag's, by the template of the gallery, and not the page's. Tags wait so
    many milliseconds for a first word."""
    listener = [flag("waitForTags", False), flag("checkValidation", False), text("waitForTagsTimeout", "2000")]
    triggers = [
        of_layer(10, "purchase"), of_layer(11, "add_to_cart"),
        thing("trigger", 12, "click on a call", "CLICK", filter=[
            condition("CSS_SELECTOR", "{{Click Element}}", ".cta, .cta *"),
            condition("CONTAINS", "{{Page Path}}", "/shop/")]),
        thing("trigger", 13, "link to elsewhere", "LINK_CLICK", listener, filter=[
            condition("CONTAINS", "{{Click URL}}", "shop.test", flag("negate", True)),
            condition("STARTS_WITH", "{{Click URL}}", "http")],
            autoEventFilter=[condition("MATCH_REGEX", "{{Page URL}}", ".*")]),
        thing("trigger", 14, "newsletter form", "FORM_SUBMISSION", listener, filter=[
            condition("EQUALS", "{{Form ID}}", "newsletter")],
            autoEventFilter=[condition("CONTAINS", "{{Page Path}}", "/")]),
        thing("trigger", 15, "scroll", "SCROLL_DEPTH", [
            flag("verticalThresholdOn", True), text("verticalThresholdUnits", "PERCENT"),
            text("verticalThresholdsPercent", "25,50,75,90"), flag("horizontalThresholdOn", False),
            text("triggerStartOption", "WINDOW_LOAD")], filter=[condition("CONTAINS", "{{Page Path}}", "/guide")]),
        thing("trigger", 16, "offer is seen", "ELEMENT_VISIBILITY", [
            text("selectorType", "CSS"), text("elementSelector", ".offer"), text("firingFrequency", "ONCE"),
            text("onScreenRatio", "50"), flag("useOnScreenDuration", False), flag("useDomChangeListener", False)],
            filter=[condition("EQUALS", "{{Page Hostname}}", "shop.test")]),
    ]
    variables = [
        thing("variable", 1, "GA4 ID", "c", [text("value", MEASUREMENT)]),
        thing("variable", 2, "Meta pixel", "c", [text("value", PIXEL)]),
        layer(3, "Order value", "ecommerce.value"), layer(4, "Order currency", "ecommerce.currency"),
        layer(5, "Order number", "ecommerce.transaction_id"), layer(6, "User ID", "user.id"),
        layer(7, "Page type", "page.type"),
    ]
    tags = [
        tag(20, "Google tag", "googtag", [
            text("tagId", "{{GA4 ID}}"), table(
                "configSettingsTable", {"parameter": "send_page_view", "parameterValue": "true"},
                {"parameter": "user_id", "parameterValue": "{{User ID}}"})],
            [INIT], tagFiringOption="ONCE_PER_EVENT", consentSettings={"consentStatus": "NOT_SET"}),
        event(21, "GA4 purchase", "purchase", "10", ("page_type", "{{Page type}}"), shop=True),
        event(22, "GA4 call to action", "select_promotion", "12", ("link_text", "{{Click Text}}"),
              ("link_classes", "{{Click Classes}}")),
        event(23, "GA4 newsletter", "generate_lead", "14", ("form_id", "{{Form ID}}"), ("page_type", "{{Page type}}")),
        event(24, "GA4 engagement", "{{Event}}", "15", ("percent", "{{Scroll Depth Threshold}}")),
        pixel(25, "Meta base", "PageView", ALL),
        pixel(26, "Meta purchase", "Purchase", "10", ("value", "{{Order value}}"), ("currency", "{{Order currency}}"),
              number_of_event="{{Order number}}"),
        pixel(27, "Meta cart", "AddToCart", "11", ("value", "{{Order value}}"), ("currency", "{{Order currency}}")),
    ]
    tags[4]["firingTriggerId"] += ["13", "16"]
    templates = [template(40, "Facebook Pixel", "facebookarchive", "GoogleTagManager-WebTemplate-For-FacebookPixel")]
    if consent:
        row = {"region": "all", "wait_for_update": str(wait), **{type: "denied" for type in TYPES}}
        tags.insert(0, tag(19, "Consent default", "cvt_1_41", [
            text("command", "default"), flag("sendDataLayer", False), flag("url_passthrough", False),
            flag("ads_data_redaction", True), table("settingsTable", row)],
            [CONSENT], tagFiringOption="ONCE_PER_EVENT"))
        templates.append(template(41, "Consent Mode", "gtm-templates-simo-ahava", "consent-mode"))
    words = ("Page URL", "Page Hostname", "Page Path", "Referrer", "Event", "Click Element", "Click Classes",
             "Click ID", "Click Target", "Click URL", "Click Text", "Form ID", "Form Element",
             "Scroll Depth Threshold", "Percent Visible")
    return export(tag=tags, trigger=triggers, variable=variables, customTemplate=templates, builtInVariable=[
        {"type": word.upper().replace(" ", "_"), "name": word} for word in words])


def template(number, name, owner, repository):
    """A template from the gallery; what stands in it is never run."""
    return {"accountId": "1", "containerId": "1", "templateId": str(number), "name": name,
            "templateData": f'___INFO___\n\n{{"type": "TAG", "id": "cvt_{number}", "displayName": "{name}"}}\n',
            "galleryReference": {"host": "github.com", "owner": owner, "repository": repository}}
