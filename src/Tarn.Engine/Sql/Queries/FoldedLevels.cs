namespace Tarn.Engine.Sql.Queries;

/// <summary>Levels of a schema as one part of a name, for the engine's grammar, which has names of three parts at most. Dots in the levels themselves stay what they are.</summary>
internal static class FoldedLevels
{
    /// <summary>How many parts the engine's names have at most.</summary>
    public const int MostParts = 3;

    private const string Between = "\u0001.";

    /// <summary>A name as the engine's grammar takes it.</summary>
    public static string Fold(QualifiedName name) =>
        name.Parts.Count <= MostParts ? name.ToString() : $"{name.Parts[0]}.{SqlPrinter.QuoteIdentifier(Fold(name.Qualifier.Skip(1)))}.{name.Parts[^1]}";

    /// <summary>The part that stands for levels.</summary>
    public static string Fold(IEnumerable<string> levels) => string.Join(Between, levels);

    /// <summary>The parts of a name as they were written.</summary>
    public static IReadOnlyList<string> Unfold(IReadOnlyList<string> parts) =>
        parts.Any(p => p.Contains(Between, StringComparison.Ordinal)) ? [.. parts.SelectMany(p => p.Split(Between))] : parts;
}
