using System.Globalization;
using System.Text.Json;
using Tarn.Catalog.Rest.Answers;
using Tarn.Catalog.Rest.Errors;
using Tarn.Catalog.Rest.Operations;
using Tarn.Iceberg.Governance;

namespace Tarn.Catalog.Rest.Searching;

/// <summary>
/// <c>GET tarn/search?q=words</c>: schemas, tables and views by name, column, tag, owner and description, the best first, as far as the caller may see
/// them. No operation of the specification: its path begins with the product's name, which no later version will take.
/// </summary>
internal sealed class SearchCatalog : IRestOperation
{
    /// <summary>Matches of an answer when the request names no limit, and the most it can name.</summary>
    public const int Limit = 100, MaxLimit = 1000;

    /// <inheritdoc/>
    public async ValueTask<RestAnswer> HandleAsync(RestCall call, CancellationToken cancellationToken)
    {
        var words = new SearchWords(call.Request.Query["q"] ?? throw RestException.BadRequest("The parameter q is missing: the words to look for."));
        int limit = LimitOf(call.Request.Query["limit"]);
        var matches = new List<SearchMatch>();
        bool isCut = false;
        await foreach (var match in call.Catalog.SearchAsync(words, cancellationToken))
        {
            if (isCut = matches.Count == limit)
                break;
            matches.Add(match);
        }

        return RestAnswer.Json(json =>
        {
            json.WriteStartArray("matches");
            foreach (var match in matches)
                Write(json, match);
            json.WriteEndArray();
            json.WriteBoolean("is-truncated", isCut);
        });
    }

    private static int LimitOf(string? text) => text is null ? Limit
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int limit) && limit is >= 1 and <= MaxLimit ? limit
        : throw RestException.BadRequest(string.Create(CultureInfo.InvariantCulture, $"limit is '{text}'; it is a number from 1 to {MaxLimit}."));

    private static void Write(Utf8JsonWriter json, SearchMatch match)
    {
        var (found, facts) = (match.Found, match.Found.Facts);
        json.WriteStartObject();
        json.WriteString("kind", found.KindText);
        json.WritePropertyName("namespace");
        ListAnswer.WriteLevels(json, found.Namespace);
        if (found.Name is { } name)
            json.WriteString("name", name);
        json.WriteString("found-in", match.Places);
        if (facts.Owner is { } owner)
            json.WriteString("owner", owner);
        if (facts.Comment is { } comment)
            json.WriteString("description", comment);
        json.WriteStartObject("tags");
        foreach (var tag in facts.Tags)
            json.WriteString(tag.Key, tag.Value);
        json.WriteEndObject();
        json.WriteEndObject();
    }
}
