using System.Buffers;
using Tarn.CommandLine;
using Tarn.Core.Errors;
using Tarn.Output;

namespace Tarn.Commands.S3;

/// <summary><c>tarn s3 alias</c>: names for S3 services.</summary>
internal static class S3AliasCommand
{
    private const string SecretVariable = "TARN_S3_SECRET_KEY";

    /// <summary>What an alias consists of.</summary>
    internal static readonly SearchValues<char> NameCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_");

    public static CommandSpec Spec { get; } = new("s3 alias", "name an S3 service, to write NAME:bucket/key; list or remove names")
    {
        Details = $"""
            The secret key is read from {SecretVariable}, else from standard input, so that it stands in no command line; both keys are kept in a
            file that only you can read. Without --access-key the keys come from --profile, or from the environment at each use.
            """,
        Arguments =
        [
            new ArgumentSpec("NAME", "at least two letters, digits, hyphens or underscores; none lists all") { Optional = true },
            new ArgumentSpec("URL", "address of the service, or aws") { Optional = true },
        ],
        Options =
        [
            new OptionSpec("access-key", "KEY", "access key; the secret key is asked for"),
            new OptionSpec("profile", "NAME", "profile of ~/.aws with the keys"),
            new OptionSpec("region", "REGION", "region that requests are signed for (default: us-east-1)"),
            new OptionSpec("path-style", "WHETHER", "bucket in the path or in the host name (default: path, but on AWS)") { Choices = ["yes", "no"] },
            new OptionSpec("remove", null, "forget NAME"),
        ],
        Examples =
        [
            new("tarn s3 alias prod https://minio.example:9000 --access-key app", "set one; asks for the secret key"),
            new("tarn s3 alias archive aws --profile archive --region eu-central-1", "AWS, with the keys of a profile"),
            new("tarn s3 alias", "list them"),
            new("tarn s3 alias prod --remove", "forget one"),
        ],
        Run = RunAsync,
    };

    private static async Task<int> RunAsync(CommandContext context, CancellationToken cancellationToken)
    {
        var aliases = S3Aliases.OfUser();
        if (context.Words.Argument(0) is not { } name)
            return await ListAsync(context, aliases, cancellationToken);
        if (name.Length < 2 || name.AsSpan().IndexOfAnyExcept(NameCharacters) >= 0 || name == "s3")
            throw new UsageException($"'{name}' is no name for a service: at least two letters, digits, hyphens or underscores, and not s3");
        if (context.Words.Has("remove"))
            return aliases.Remove(name) ? ExitCode.Done : throw TarnException.NotFound($"There is no alias '{name}'.");
        string url = context.Words.Argument(1) ?? throw new UsageException($"URL is missing: tarn s3 alias {name} https://host:9000");
        aliases.Set(name, Alias(context, url));
        return ExitCode.Done;
    }

    private static S3Alias Alias(CommandContext context, string url)
    {
        string? access = context.Words.Value("access-key"), profile = context.Words.Value("profile");
        if (access is not null && profile is not null)
            throw new UsageException("--access-key and --profile exclude each other");
        return new S3Alias(
            url == "aws" ? null : S3Places.ParseEndpoint(url),
            context.Words.Value("region") ?? "us-east-1",
            access,
            access is null ? null : ReadSecret(context),
            profile,
            context.Words.Value("path-style") is { } style ? style == "yes" : null);
    }

    private static string ReadSecret(CommandContext context)
    {
        if (Environment.GetEnvironmentVariable(SecretVariable) is { Length: > 0 } secret)
            return secret;
        if (context.Streams.InputIsTerminal)
            context.Streams.Error.Write("secret key: ");
        using var reader = new StreamReader(context.Streams.OpenInput());
        return reader.ReadLine() is { Length: > 0 } line ? line.Trim() : throw new UsageException($"the secret key is missing: set {SecretVariable} or give it on standard input");
    }

    private static async Task<int> ListAsync(CommandContext context, S3Aliases aliases, CancellationToken cancellationToken)
    {
        object?[] Row(string name, S3Alias alias) => [name, alias.Endpoint?.ToString() ?? "aws", alias.Region, alias.AccessKey, alias.Profile];
        await using var rows = new RowsResult(
            [RowsResult.Text("name"), RowsResult.Text("url"), RowsResult.Text("region"), RowsResult.Text("access_key"), RowsResult.Text("profile")],
            [.. aliases.Read().Select(alias => Row(alias.Key, alias.Value))]);
        await ResultWriter.WriteAllAsync(rows, context.Format, context.Streams, expanded: false, cancellationToken);
        return ExitCode.Done;
    }
}
