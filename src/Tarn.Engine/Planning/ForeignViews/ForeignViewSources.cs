using System.Globalization;
using System.Text.RegularExpressions;
using Tarn.Core.Errors;
using Tarn.Iceberg.Spec;

namespace Tarn.Engine.Planning.ForeignViews;

/// <summary>The tables and views that the query of a view names, while it is looked at: columns and types, no rows.</summary>
/// <param name="scans">The tables of the whole query, whose marks it has.</param>
internal sealed partial class ForeignViewSources(IReadOnlyList<ScanReference> scans)
{
    private readonly List<(string Text, IReadOnlyList<NestedField> Columns)> views = [];

    /// <summary>Adds a view that the query names; gives the mark that stands for it.</summary>
    /// <param name="text">The relation that it is.</param>
    /// <param name="columns">The columns that it declares and gives.</param>
    public string Add(string text, IReadOnlyList<NestedField> columns)
    {
        views.Add((text, columns));
        return $"\"{BoundQuery.MarkPrefix}view_{views.Count}\"";
    }

    /// <summary>The query with relations without rows in place of all marks.</summary>
    /// <exception cref="TarnException">Unsupported: it names rows about a table.</exception>
    public string Stand(ForeignView view, string body) => Marks().Replace(body, mark => mark.Groups[1].Success ? OfColumns(views[Ordinal(mark.Groups[2])].Columns) : OfTable(view, scans[Ordinal(mark.Groups[2])]));

    /// <summary>The query with the views in place of their marks.</summary>
    public string Restore(string body) => Marks().Replace(body, mark => mark.Groups[1].Success ? views[Ordinal(mark.Groups[2])].Text : mark.Value);

    private static string OfTable(ForeignView view, ScanReference scan) =>
        scan.IsData ? OfColumns(scan.Schema.Fields) : throw view.Refused($"rows about table '{scan.Table.Handle.Identifier}'");

    private static string OfColumns(IReadOnlyList<NestedField> columns) => $"({RelationShape.Of(columns)})";

    private static int Ordinal(Group group) => int.Parse(group.ValueSpan, CultureInfo.InvariantCulture) - 1;

    [GeneratedRegex($"\"{BoundQuery.MarkPrefix}(view_)?([0-9]+)\"")]
    private static partial Regex Marks();
}
