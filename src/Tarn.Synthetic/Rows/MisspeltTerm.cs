namespace Tarn.Synthetic.Rows;

/// <summary>A word with the forms that careless hands give it. No form equals the word itself.</summary>
internal sealed class MisspeltTerm(string text)
{
    public Term Right { get; } = new(text);

    /// <summary>Wrong case: all capitals, all small, or turned over letter by letter.</summary>
    public Term[] WrongCase { get; } = [.. new[] { text.ToUpperInvariant(), text.ToLowerInvariant(), TurnOver(text) }.Where(t => t != text).Distinct().Select(t => new Term(t))];

    /// <summary>Blanks before, after, or around.</summary>
    public Term[] WithBlanks { get; } = Term.Many($" {text}", $"{text} ", $"  {text}  ");

    /// <summary>The form for a defect; the word itself for any other one.</summary>
    public Term For(DefectKind defect, ulong bits) => defect switch
    {
        DefectKind.MixedCase => WrongCase[(int)(bits % (uint)WrongCase.Length)],
        DefectKind.StrayBlanks => WithBlanks[(int)(bits % (uint)WithBlanks.Length)],
        _ => Right,
    };

    public static MisspeltTerm[] Many(params string[] texts) => [.. texts.Select(t => new MisspeltTerm(t))];

    private static string TurnOver(string text) => string.Concat(text.Select(c => char.IsUpper(c) ? char.ToLowerInvariant(c) : char.ToUpperInvariant(c)));
}
