using Tarn.Synthetic.Rows;

namespace Tarn.Synthetic.Activity;

/// <summary>The words of the activity data.</summary>
internal static class ActivityVocabulary
{
    public static MisspeltTerm[] Devices { get; } = MisspeltTerm.Many("mobile", "desktop", "tablet", "tv");

    public static Term[] Browsers { get; } = Term.Many("Chrome", "Safari", "Firefox", "Edge", "Samsung Internet");

    public static Term[] Countries { get; } = Term.Many("DE", "FR", "GB", "PL", "ES", "IT", "NL", "SE", "AT", "CZ", "CH", "PT");

    public static Term[] Referrers { get; } = Term.Many("search", "newsletter", "social", "ads", "partner");

    public static Term Home { get; } = "/";

    public static Term Cart { get; } = "/cart";

    public static Term Checkout { get; } = "/checkout";

    public static Term ThankYou { get; } = "/checkout/thanks";

    public static Term[] Searches { get; } = Term.Many("/search?q=lamp", "/search?q=running+shoes", "/search?q=caf%C3%A9+table", "/search?q=tent&sort=price", "/search?q=gift");

    public static MisspeltTerm[] Products { get; } = MisspeltTerm.Many([.. Enumerable.Range(0, 252).Select(i => $"/products/{(i % 8 + 1) * 4000 + i / 8 * 37:D6}")]);

    public static Term PageView { get; } = "page_view";

    public static Term Search { get; } = "search";

    public static Term AddToCart { get; } = "add_to_cart";

    public static Term BeginCheckout { get; } = "checkout";

    public static Term Purchase { get; } = "purchase";
}
