namespace Tarn.Conformance.DuckDbSql;

/// <summary>Differences that are understood and stay, from <c>known-differences.tsv</c>: a file below <c>test/sql</c>, with or without a line, a tab and the reason.</summary>
internal sealed class KnownDifferences
{
    private readonly Dictionary<string, string> _reasons = [];

    /// <summary>Reads the list.</summary>
    /// <exception cref="FormatException">A line has no reason.</exception>
    public static KnownDifferences Read(string path)
    {
        var known = new KnownDifferences();
        foreach (var (i, line) in File.ReadLines(path).Index())
        {
            string[] parts = line.Split('\t');
            if (parts is not [var place, { Length: > 0 } reason])
                throw new FormatException($"{path}:{i + 1}: expected a file, a tab and a reason");
            known._reasons[$"test/sql/{place}"] = reason;
        }

        return known;
    }

    /// <summary>Why a record differs; null when nobody knows.</summary>
    public string? ReasonOf(Judgement judgement) =>
        _reasons.GetValueOrDefault($"{judgement.File}:{judgement.Line}") ?? _reasons.GetValueOrDefault(judgement.File);
}
