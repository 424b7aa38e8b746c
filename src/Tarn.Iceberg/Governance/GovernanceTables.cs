using System.Globalization;
using System.Runtime.CompilerServices;
using Tarn.Iceberg.Catalogs;
using Tarn.Iceberg.Inspection;
using Tarn.Iceberg.Spec;
using Tarn.Iceberg.Spec.Types;

namespace Tarn.Iceberg.Governance;

/// <summary>Tables and table functions about descriptions, owners and tags, which every catalog has.</summary>
public static class GovernanceTables
{
    private static readonly Schema s_tags = SystemTable.SchemaOf(
        ("kind", SimpleType.String), ("schema", SimpleType.String), ("name", SimpleType.String), ("column", SimpleType.String), ("tag", SimpleType.String), ("value", SimpleType.String));

    private static readonly Schema s_descriptions = SystemTable.SchemaOf(
        ("kind", SimpleType.String), ("schema", SimpleType.String), ("name", SimpleType.String), ("column", SimpleType.String), ("owner", SimpleType.String), ("description", SimpleType.String),
        ("problem", SimpleType.String));

    private static readonly Schema s_search = SystemTable.SchemaOf(
        ("rank", SimpleType.Long), ("kind", SimpleType.String), ("schema", SimpleType.String), ("name", SimpleType.String), ("found_in", SimpleType.String), ("owner", SimpleType.String),
        ("description", SimpleType.String), ("tags", SimpleType.String));

    /// <summary>The tables of a catalog: they show what it lets be seen.</summary>
    public static IReadOnlyList<SystemTable> TablesOf(ICatalog catalog) =>
    [
        new("descriptions", s_descriptions, token => DescriptionsAsync(catalog, token)),
        new("tags", s_tags, token => TagsAsync(catalog, token)),
    ];

    /// <summary>The table functions of a catalog.</summary>
    public static IReadOnlyList<SystemFunction> FunctionsOf(ICatalog catalog) => [new("catalog_search", s_search, (text, token) => SearchAsync(catalog, text, token))];

    private static async IAsyncEnumerable<object?[]> TagsAsync(ICatalog catalog, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var found in catalog.DescribeAsync(cancellationToken).ConfigureAwait(false))
        {
            foreach (var tag in found.Facts.Tags)
                yield return [found.KindText, found.Namespace.ToString(), found.Name, null, tag.Key, tag.Value];
            foreach (var column in found.Facts.Columns)
            {
                foreach (var tag in column.Tags)
                    yield return [found.KindText, found.Namespace.ToString(), found.Name, column.Path, tag.Key, tag.Value];
            }
        }
    }

    private static async IAsyncEnumerable<object?[]> DescriptionsAsync(ICatalog catalog, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var found in catalog.DescribeAsync(cancellationToken).ConfigureAwait(false))
        {
            yield return [found.KindText, found.Namespace.ToString(), found.Name, null, found.Facts.Owner, found.Facts.Comment, found.Facts.Problem];
            foreach (var column in found.Facts.Columns.Where(c => c.Comment is not null))
                yield return [found.KindText, found.Namespace.ToString(), found.Name, column.Path, null, column.Comment, null];
        }
    }

    private static async IAsyncEnumerable<object?[]> SearchAsync(ICatalog catalog, string text, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        long rank = 0;
        await foreach (var match in catalog.SearchAsync(new SearchWords(text), cancellationToken).ConfigureAwait(false))
        {
            var found = match.Found;
            yield return
            [
                ++rank, found.KindText, found.Namespace.ToString(), found.Name, match.Places, found.Facts.Owner, found.Facts.Comment,
                string.Join(", ", found.Facts.Tags.Select(t => string.Create(CultureInfo.InvariantCulture, $"{t}"))),
            ];
        }
    }
}
