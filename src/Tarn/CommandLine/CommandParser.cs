namespace Tarn.CommandLine;

/// <summary>
/// Turns words into a <see cref="ParsedCommand"/>, in the GNU manner: options and arguments in any order, <c>--name=value</c>,
/// <c>-n value</c>, <c>-nvalue</c>, and <c>--</c> before words that begin with a dash.
/// </summary>
/// <remarks>Written by hand because start-up counts: a general library took 25 ms for the same, more than the rest of the start.</remarks>
internal static class CommandParser
{
    /// <summary>Position of the word that names the command, or -1 when there is none.</summary>
    public static int FindCommand(IReadOnlyList<string> words)
    {
        for (int i = 0; i < words.Count; i++)
        {
            if (!words[i].StartsWith('-'))
                return i;
            if (words[i] == "--")
                return i + 1 < words.Count ? i + 1 : -1;
            // The value of a shared option that stands before the command is not the command.
            if (SharedOptions.All.Any(option => option.ValueName is not null && option.Typed == words[i]))
                i++;
        }

        return -1;
    }

    /// <summary>Parses all words but those from <paramref name="commandAt"/> on that named <paramref name="command"/>: one, or two for a subcommand.</summary>
    /// <exception cref="UsageException">A word does not fit the command; the message is one line.</exception>
    public static ParsedCommand Parse(CommandSpec command, IReadOnlyList<string> words, int commandAt)
    {
        var parsed = new ParsedCommand(command);
        int nameLength = command.Name.Split(' ').Length;
        bool onlyArguments = false;
        for (int i = 0; i < words.Count; i++)
        {
            if (i >= commandAt && i < commandAt + nameLength)
                continue;
            string word = words[i];
            if (onlyArguments || word.Length < 2 || word[0] != '-')
                parsed.Arguments.Add(word);
            else if (word == "--")
                onlyArguments = true;
            else
                ParseOption(parsed, words, commandAt, ref i);
        }

        if (!parsed.Has(SharedOptions.Help.Name))
            CheckArguments(parsed);
        return parsed;
    }

    private static void ParseOption(ParsedCommand parsed, IReadOnlyList<string> words, int commandAt, ref int at)
    {
        var (option, attached) = FindOption(parsed.Command, words[at]);
        if (option.ValueName is null)
        {
            if (attached is not null)
                throw new UsageException($"{option.Typed} takes no value, found '{attached}'");
            parsed.Add(option, "");
            return;
        }

        if (attached is null && (at + 1 >= words.Count || at + 1 == commandAt || LooksLikeOption(parsed.Command, words[at + 1])))
            throw new UsageException($"{option.Typed} needs a value: {option.Typed} {option.ValueName}");
        string value = attached ?? words[++at];
        if (option.Choices.Count > 0 && !option.Choices.Contains(value))
            throw new UsageException($"{option.Typed} '{value}' is none of {string.Join(", ", option.Choices)}{DidYouMean(value, option.Choices)}");
        parsed.Add(option, value);
    }

    private static (OptionSpec Option, string? Attached) FindOption(CommandSpec command, string word)
    {
        if (word.StartsWith("--", StringComparison.Ordinal))
        {
            int equals = word.IndexOf('=', StringComparison.Ordinal);
            string name = equals < 0 ? word : word[..equals];
            var found = command.AllOptions.FirstOrDefault(option => option.Typed == name)
                ?? throw new UsageException($"unknown option '{name}'{DidYouMean(name, command.AllOptions.Select(option => option.Typed))}");
            return (found, equals < 0 ? null : word[(equals + 1)..]);
        }

        var letter = command.AllOptions.FirstOrDefault(option => option.Letter == word[1])
            ?? throw new UsageException($"unknown option '{word}'");
        return (letter, word.Length == 2 ? null : word[2..].TrimStart('='));
    }

    // A value may begin with a dash (a negative number, a query); only a known option is taken for a forgotten value.
    private static bool LooksLikeOption(CommandSpec command, string word) =>
        word == "--" || command.AllOptions.Any(option =>
            option.Typed == word || word.StartsWith(option.Typed + "=", StringComparison.Ordinal) || (word.Length == 2 && word[0] == '-' && option.Letter == word[1]));

    private static void CheckArguments(ParsedCommand parsed)
    {
        var specs = parsed.Command.Arguments;
        int required = specs.Count(spec => !spec.Optional);
        if (parsed.Arguments.Count < required)
            throw new UsageException($"{specs[parsed.Arguments.Count].Name} is missing: {HelpText.UsageOf(parsed.Command)}");
        if (parsed.Arguments.Count > specs.Count && !(specs.Count > 0 && specs[^1].Many))
            throw new UsageException($"'{parsed.Arguments[specs.Count]}' is one word too many: {HelpText.UsageOf(parsed.Command)}");
    }

    /// <summary><c>; did you mean '…'?</c>, or nothing when no candidate is near.</summary>
    internal static string DidYouMean(string typed, IEnumerable<string> candidates) =>
        NearestName.Find(typed, [.. candidates]) is { } near ? $"; did you mean '{near}'?" : "";
}
