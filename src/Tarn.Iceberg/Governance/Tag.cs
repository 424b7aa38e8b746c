using Tarn.Core.Errors;

namespace Tarn.Iceberg.Governance;

/// <summary>A mark that people put on a schema, table, view or column, e.g. <c>pii</c> or <c>retention=7y</c>. Keys are compared exactly.</summary>
/// <param name="Key">Its name.</param>
/// <param name="Value">Its value; empty for a tag that is only a name.</param>
public readonly record struct Tag(string Key, string Value)
{
    /// <summary>Most characters of a key.</summary>
    public const int MaxKeyLength = 255;

    /// <summary>Most characters of a value.</summary>
    public const int MaxValueLength = 1000;

    /// <summary>What is wrong with the tag, as a clause, or null.</summary>
    public string? Fault => FaultOf(Key)
        ?? (Value.Length > MaxValueLength ? $"its value has {Value.Length} characters, and {MaxValueLength} is the limit" : Value.Any(char.IsControl) ? "its value has a control character" : null);

    /// <summary>What is wrong with a key, as a clause, or null.</summary>
    public static string? FaultOf(string key) =>
        key.Length == 0 ? "its name is empty"
        : key.Length > MaxKeyLength ? $"its name has {key.Length} characters, and {MaxKeyLength} is the limit"
        : key.Contains('=', StringComparison.Ordinal) ? "its name has a '='"
        : key != key.Trim() ? "its name begins or ends with a space"
        : key.Any(char.IsControl) ? "its name has a control character"
        : null;

    /// <summary>Reads <c>key</c> or <c>key=value</c>.</summary>
    /// <exception cref="TarnException">InvalidRequest: the text names no tag.</exception>
    public static Tag Parse(string text)
    {
        int at = text.IndexOf('=', StringComparison.Ordinal);
        var tag = at < 0 ? new Tag(text, "") : new Tag(text[..at], text[(at + 1)..]);
        return tag.Fault is { } fault ? throw TarnException.Invalid($"'{text}' is no tag: {fault}. Write KEY or KEY=VALUE.") : tag;
    }

    /// <inheritdoc/>
    public override string ToString() => Value.Length == 0 ? Key : $"{Key}={Value}";
}
