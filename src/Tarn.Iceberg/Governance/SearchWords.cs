using Tarn.Core.Errors;

namespace Tarn.Iceberg.Governance;

/// <summary>
/// A search over names, columns, tags, owners and descriptions. Case is ignored; of several words each must be found somewhere. The better the place, the
/// smaller the score: names before columns and tags, those before the schema, that before descriptions; and in each the whole text before its beginning,
/// before the beginning of a word, before any other part.
/// </summary>
public sealed class SearchWords
{
    /// <summary>Most characters of a search.</summary>
    public const int MaxLength = 256;

    /// <summary>Most words of a search.</summary>
    public const int MaxWords = 16;

    private const int InName = 0, InColumnOrTag = 10, InSchema = 20, InDescription = 30;
    private const int Whole = 0, Beginning = 1, Word = 2, Part = 3;

    private readonly string[] _words;

    /// <summary>Reads a search.</summary>
    /// <exception cref="TarnException">InvalidRequest: it has no word, or is too long.</exception>
    public SearchWords(string text)
    {
        if (text.Length > MaxLength)
            throw TarnException.Invalid($"The search has {text.Length} characters, and {MaxLength} is the limit. Leave out words.");
        _words = text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        if (_words.Length is 0 or > MaxWords)
            throw TarnException.Invalid($"A search has 1 to {MaxWords} words; this one has {_words.Length}.");
    }

    /// <summary>How an object fits; null when a word is found nowhere.</summary>
    public SearchMatch? Match(ObjectDescription found)
    {
        int score = 0;
        List<string> places = [];
        foreach (string word in _words)
        {
            var best = Best(found, word);
            if (best.Score == int.MaxValue)
                return null;
            score += best.Score;
            if (!places.Contains(best.Place))
                places.Add(best.Place);
        }

        return new SearchMatch(found, score, string.Join(", ", places));
    }

    /// <summary>The objects that fit, the best first; those that fit alike by name.</summary>
    public async ValueTask<IReadOnlyList<SearchMatch>> RankAsync(IAsyncEnumerable<ObjectDescription> objects, CancellationToken cancellationToken = default)
    {
        List<SearchMatch> matches = [];
        await foreach (var found in objects.WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            if (Match(found) is { } match)
                matches.Add(match);
        }

        return [.. matches.OrderBy(m => m.Score).ThenBy(m => m.Found.ToString(), StringComparer.Ordinal)];
    }

    private static (int Score, string Place) Best(ObjectDescription found, string word)
    {
        var best = (Score: int.MaxValue, Place: "");
        void Try(int field, string? text, string place)
        {
            if (field < best.Score && text is not null && Fit(text, word) is { } fit && field + fit < best.Score)
                best = (field + fit, place);
        }

        Try(InName, found.OwnName, "name");
        if (found.ToString().Equals(word, StringComparison.OrdinalIgnoreCase))
            best = (InName + Whole, "name");
        if (best.Score < InColumnOrTag)
            return best;
        TryTags(found.Facts.Tags, "tag", Try);
        foreach (var column in found.Facts.Columns)
        {
            Try(InColumnOrTag, column.Path, $"column {column.Path}");
            TryTags(column.Tags, $"column {column.Path} tag", Try);
        }

        if (best.Score < InSchema)
            return best;
        Try(InSchema, found.Name is null ? null : found.Namespace.ToString(), "schema");
        Try(InDescription, found.Facts.Comment, "description");
        Try(InDescription, found.Facts.Owner, "owner");
        foreach (var column in found.Facts.Columns)
            Try(InDescription, column.Comment, $"description of column {column.Path}");
        return best;
    }

    private static void TryTags(IReadOnlyList<Tag> tags, string place, Action<int, string?, string> attempt)
    {
        foreach (var tag in tags)
        {
            string shown = $"{place} {tag}";
            attempt(InColumnOrTag, tag.Key, shown);
            attempt(InColumnOrTag, tag.Value, shown);
            attempt(InColumnOrTag, tag.ToString(), shown);
        }
    }

    private static int? Fit(string text, string word)
    {
        int? best = null;
        for (int at = text.IndexOf(word, StringComparison.OrdinalIgnoreCase); at >= 0; at = text.IndexOf(word, at + 1, StringComparison.OrdinalIgnoreCase))
        {
            if (at == 0)
                return text.Length == word.Length ? Whole : Beginning;
            if (BeginsWord(text, at))
                return Word;
            best = Part;
        }

        return best;
    }

    private static bool BeginsWord(string text, int at) => !char.IsLetterOrDigit(text[at - 1]) || (char.IsUpper(text[at]) && !char.IsUpper(text[at - 1]));
}

/// <summary>What a search found.</summary>
/// <param name="Found">The schema, table or view.</param>
/// <param name="Score">The smaller, the better; 0 when each word is its name.</param>
/// <param name="Places">Where the words were found: <c>name</c>, <c>column email</c>, <c>column email tag pii</c>, <c>description</c>, …</param>
public sealed record SearchMatch(ObjectDescription Found, int Score, string Places);
