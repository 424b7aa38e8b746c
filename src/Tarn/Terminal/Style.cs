namespace Tarn.Terminal;

/// <summary>Colours of a terminal, or nothing when <paramref name="on"/> is false.</summary>
internal readonly struct Style(bool on)
{
    /// <summary>Whether escape sequences may be written.</summary>
    public bool IsOn => on;

    public string Red(string text) => Wrap("31", text);

    public string Green(string text) => Wrap("32", text);

    public string Cyan(string text) => Wrap("36", text);

    public string Bold(string text) => Wrap("1", text);

    public string Dim(string text) => Wrap("2", text);

    // ECMA-48 SGR.
    private string Wrap(string code, string text) => on ? $"\e[{code}m{text}\e[0m" : text;
}
