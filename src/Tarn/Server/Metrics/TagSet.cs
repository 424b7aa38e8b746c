using System.Globalization;

namespace Tarn.Server.Metrics;

/// <summary>The tags of one measurement, as the key of a series. Looked up by the caller's span, so that a known series costs no memory.</summary>
internal sealed class TagSet(KeyValuePair<string, object?>[] tags)
{
    private ReadOnlySpan<KeyValuePair<string, object?>> Tags => tags;

    /// <summary>Finds tags in a dictionary of series.</summary>
    public static IEqualityComparer<TagSet> Comparer { get; } = new TagComparer();

    /// <summary>Names and values as labels, sorted by name, each name once.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Labels() =>
    [
        .. tags.GroupBy(tag => MetricName.OfLabel(tag.Key), StringComparer.Ordinal)
            .OrderBy(group => group.Key, StringComparer.Ordinal)
            .Select(group => KeyValuePair.Create(group.Key, Text(group.Last().Value))),
    ];

    private static string Text(object? value) => value switch
    {
        bool truth => truth ? "true" : "false",
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => value?.ToString() ?? "",
    };

    private sealed class TagComparer : IEqualityComparer<TagSet>, IAlternateEqualityComparer<ReadOnlySpan<KeyValuePair<string, object?>>, TagSet>
    {
        private readonly KeyValuePair<string, object?>[] _none = [];

        public bool Equals(TagSet? x, TagSet? y) => x is not null && y is not null && Same(x.Tags, y.Tags);

        public bool Equals(ReadOnlySpan<KeyValuePair<string, object?>> alternate, TagSet other) => Same(alternate, other.Tags);

        public int GetHashCode(TagSet set) => Hash(set.Tags);

        public int GetHashCode(ReadOnlySpan<KeyValuePair<string, object?>> alternate) => Hash(alternate);

        public TagSet Create(ReadOnlySpan<KeyValuePair<string, object?>> alternate) => new(alternate.IsEmpty ? _none : alternate.ToArray());

        private static bool Same(ReadOnlySpan<KeyValuePair<string, object?>> x, ReadOnlySpan<KeyValuePair<string, object?>> y)
        {
            if (x.Length != y.Length)
                return false;
            for (int i = 0; i < x.Length; i++)
            {
                if (x[i].Key != y[i].Key || !Equals(x[i].Value, y[i].Value))
                    return false;
            }

            return true;
        }

        private static int Hash(ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            var hash = default(HashCode);
            foreach (var (name, value) in tags)
            {
                hash.Add(name);
                hash.Add(value);
            }

            return hash.ToHashCode();
        }
    }
}
