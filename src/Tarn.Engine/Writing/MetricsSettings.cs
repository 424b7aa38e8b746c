using System.Globalization;
using Tarn.Core.Errors;

namespace Tarn.Engine.Writing;

/// <summary>Which metrics of a column go into manifests (<c>write.metadata.metrics.*</c>): none, counts, truncate(n), full.</summary>
internal sealed class MetricsSettings(IReadOnlyDictionary<string, string> properties)
{
    private const string Default = "write.metadata.metrics.default";
    private const string Column = "write.metadata.metrics.column.";

    /// <summary>Bounds are cut to this many characters or bytes; null: whole. Meaningless unless <see cref="HasBounds"/>.</summary>
    public int? TruncateLength(string path) => Parse(path).Length;

    /// <summary>True when counts are kept.</summary>
    public bool HasCounts(string path) => Parse(path).Counts;

    /// <summary>True when bounds are kept.</summary>
    public bool HasBounds(string path) => Parse(path).Bounds;

    /// <summary>Refuses a mode that there is not, of any column.</summary>
    /// <exception cref="TarnException">InvalidRequest naming property and value.</exception>
    public void Check()
    {
        foreach (var (name, mode) in properties.Where(p => p.Key == Default || p.Key.StartsWith(Column, StringComparison.Ordinal)))
            Parse(name, mode);
    }

    private (bool Counts, bool Bounds, int? Length) Parse(string path)
    {
        string name = properties.ContainsKey(Column + path) ? Column + path : Default;
        return Parse(name, properties.GetValueOrDefault(name, "truncate(16)"));
    }

    private static (bool Counts, bool Bounds, int? Length) Parse(string name, string mode) => mode.ToLowerInvariant() switch
    {
        "none" => (false, false, null),
        "counts" => (true, false, null),
        "full" => (true, true, null),
        var text when text.StartsWith("truncate(", StringComparison.Ordinal) && text.EndsWith(')')
            && int.TryParse(text.AsSpan(9, text.Length - 10), NumberStyles.None, CultureInfo.InvariantCulture, out int length) && length > 0 => (true, true, length),
        _ => throw TarnException.Invalid($"Table property {name} is '{mode}'; give none, counts, truncate(n) or full."),
    };
}
