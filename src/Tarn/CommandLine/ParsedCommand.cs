using System.Globalization;

namespace Tarn.CommandLine;

/// <summary>A command line after parsing: the command and its values.</summary>
internal sealed class ParsedCommand(CommandSpec command)
{
    private readonly Dictionary<string, List<string>> _options = [];

    /// <summary>The command.</summary>
    public CommandSpec Command { get; } = command;

    /// <summary>Positional words in order.</summary>
    public List<string> Arguments { get; } = [];

    /// <summary>Whether the option was given.</summary>
    public bool Has(string option) => _options.ContainsKey(option);

    /// <summary>The value of an option, the last one where it was repeated; null when it was not given.</summary>
    public string? Value(string option) => _options.TryGetValue(option, out var values) ? values[^1] : null;

    /// <summary>All values of a repeatable option, in order.</summary>
    public IReadOnlyList<string> Values(string option) => _options.TryGetValue(option, out var values) ? values : [];

    /// <summary>The argument at a position, or null.</summary>
    public string? Argument(int position) => position < Arguments.Count ? Arguments[position] : null;

    /// <summary>A whole number of at least <paramref name="least"/>; <c>500_000</c>, <c>500k</c>, <c>1.5M</c> and <c>2G</c> are understood.</summary>
    /// <exception cref="UsageException">Not such a number.</exception>
    public long? Number(string option, long least = 0)
    {
        if (Value(option) is not { } text)
            return null;
        if (!TryNumber(text, out long number) || number < least)
            throw new UsageException($"--{option} '{text}' is not a whole number of at least {least.ToString(CultureInfo.InvariantCulture)}, e.g. 500000 or 500k");
        return number;
    }

    internal void Add(OptionSpec option, string value)
    {
        if (!_options.TryGetValue(option.Name, out var values))
            _options[option.Name] = values = [];
        values.Add(value);
    }

    private static bool TryNumber(string text, out long number)
    {
        number = 0;
        text = text.Replace("_", "", StringComparison.Ordinal);
        decimal unit = text.Length == 0 ? 1 : char.ToLowerInvariant(text[^1]) switch { 'k' => 1_000m, 'm' => 1_000_000m, 'g' => 1_000_000_000m, _ => 1 };
        if (!decimal.TryParse(unit == 1 ? text : text[..^1], NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out decimal value))
            return false;
        if (Math.Abs(value) > long.MaxValue / unit || value * unit != decimal.Truncate(value * unit))
            return false;
        number = (long)(value * unit);
        return true;
    }
}
