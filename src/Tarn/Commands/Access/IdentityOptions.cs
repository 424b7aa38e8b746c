using System.Globalization;
using Tarn.Access.Administration;
using Tarn.CommandLine;
using Tarn.Core.Errors;
using Tarn.Output;

namespace Tarn.Commands.Access;

/// <summary>Options and values that several commands about identities share.</summary>
internal static class IdentityOptions
{
    public static ArgumentSpec User { get; } = new("USER", "name of the user");

    public static OptionSpec Policy { get; } = new("policy", "NAME", "attach this policy; may be repeated") { Repeatable = true };

    public static OptionSpec OfUser { get; } = new("user", "NAME", "for this user");

    public static OptionSpec OfGroup { get; } = new("group", "NAME", "for this group");

    public static OptionSpec OfRole { get; } = new("role", "NAME", "for this role");

    /// <summary>Whom <c>--user</c>, <c>--group</c> or <c>--role</c> names; null when none was given.</summary>
    /// <exception cref="UsageException">More than one.</exception>
    public static PolicyHolder? FindHolder(ParsedCommand words)
    {
        (string Option, PolicyHolderKind Kind)[] kinds = [("user", PolicyHolderKind.User), ("group", PolicyHolderKind.Group), ("role", PolicyHolderKind.Role)];
        var given = kinds.Where(k => words.Has(k.Option)).ToList();
        return given switch
        {
            [] => null,
            [var only] => new PolicyHolder(only.Kind, words.Value(only.Option)!),
            _ => throw new UsageException("give one of --user, --group and --role"),
        };
    }

    /// <inheritdoc cref="FindHolder"/>
    public static PolicyHolder RequireHolder(ParsedCommand words) => FindHolder(words) ?? throw new UsageException("say whose: --user, --group or --role NAME");

    /// <summary>The text of a file; of standard input for <c>-</c>.</summary>
    public static async Task<string> ReadAsync(CommandContext context, string file, CancellationToken cancellationToken)
    {
        if (file != "-")
            return File.Exists(file) ? await File.ReadAllTextAsync(file, cancellationToken) : throw TarnException.NotFound($"There is no file '{file}'. Name a file of JSON, or - for standard input.");
        using var reader = new StreamReader(context.Streams.OpenInput());
        return await reader.ReadToEndAsync(cancellationToken);
    }

    /// <summary>A length of time such as <c>90d</c>, <c>12h</c> or <c>30m</c>; null when the option was not given.</summary>
    /// <exception cref="UsageException">Anything else.</exception>
    public static TimeSpan? Duration(ParsedCommand words, string option)
    {
        if (words.Value(option) is not { } text)
            return null;
        bool isNumber = text.Length > 1 && int.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out _);
        int number = isNumber ? int.Parse(text.AsSpan(0, text.Length - 1), CultureInfo.InvariantCulture) : 0;
        return (isNumber ? text[^1] : ' ') switch
        {
            'd' => TimeSpan.FromDays(number),
            'h' => TimeSpan.FromHours(number),
            'm' => TimeSpan.FromMinutes(number),
            _ => throw new UsageException($"--{option} '{text}' is not a length of time, e.g. 90d, 12h or 30m"),
        };
    }

    /// <summary>A value of a column of instants; null stays empty.</summary>
    public static object? Instant(DateTimeOffset? time) => time is { } known ? RowsResult.InstantOf(known.ToUnixTimeMilliseconds()) : null;

    /// <summary>Several names in one cell.</summary>
    public static string Names(IEnumerable<string> names) => string.Join(", ", names);
}
