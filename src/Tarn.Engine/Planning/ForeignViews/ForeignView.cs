using Tarn.Core.Errors;

namespace Tarn.Engine.Planning.ForeignViews;

/// <summary>A view that another engine wrote.</summary>
/// <param name="Name">Name of the view, for messages.</param>
/// <param name="Dialect"><c>spark</c> or <c>trino</c>.</param>
internal sealed record ForeignView(string Name, string Dialect)
{
    /// <summary>Whether Spark wrote it, and not Trino.</summary>
    public bool IsSpark => Dialect.Equals("spark", StringComparison.OrdinalIgnoreCase);

    /// <summary>The refusal of a view that may mean something else here.</summary>
    /// <param name="what">The words in it.</param>
    public TarnException Refused(string what) => TarnException.Unsupported(
        $"View '{Name}' is written for {Dialect} and says what may mean something else here: {what}. Write it anew in SQL that means the same everywhere (DROP VIEW, then CREATE VIEW), or add a representation in the dialect {ViewDefinition.Dialect}.");
}
