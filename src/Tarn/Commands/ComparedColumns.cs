using Tarn.Engine.Sql;
using Tarn.Iceberg.Spec;

namespace Tarn.Commands;

/// <summary>The columns of two states of a table side by side, matched by field id.</summary>
/// <param name="Earlier">Select list of the earlier state.</param>
/// <param name="Later">Select list of the later state: the same columns in the same order, under the same names.</param>
/// <param name="Order">The positions of the columns behind a first one, for ORDER BY.</param>
/// <param name="Notes">What a person should know about them.</param>
internal sealed record ComparedColumns(string Earlier, string Later, string Order, IReadOnlyList<string> Notes)
{
    /// <summary>Matches the columns: those of the later state in its order and under its names, then those that only the earlier one has.</summary>
    public static ComparedColumns Of(Schema earlier, Schema later)
    {
        var old = earlier.Fields.ToDictionary(field => field.Id);
        var onlyOld = earlier.Fields.Where(field => later.FindField(field.Id) is null).ToList();
        var notes = later.Fields.Where(field => !old.ContainsKey(field.Id)).Select(field => $"column {field.Name} is only in the later state")
            .Concat(onlyOld.Select(field => $"column {field.Name} is only in the earlier state"))
            .Concat(later.Fields.Where(field => old.TryGetValue(field.Id, out var was) && was.Name != field.Name).Select(field => $"column {field.Name} was called {old[field.Id].Name}"));
        var a = later.Fields.Select(field => old.TryGetValue(field.Id, out var was) ? $"{Quoted(was)} AS {Quoted(field)}" : $"NULL AS {Quoted(field)}");
        var b = later.Fields.Select(Quoted);
        return new ComparedColumns(
            string.Join(", ", a.Concat(onlyOld.Select(Quoted))),
            string.Join(", ", b.Concat(onlyOld.Select(field => $"NULL AS {Quoted(field)}"))),
            string.Join(", ", Enumerable.Range(2, later.Fields.Count + onlyOld.Count)),
            [.. notes]);
    }

    private static string Quoted(NestedField field) => SqlPrinter.QuoteIdentifier(field.Name);
}
