using Tarn.CommandLine;

namespace Tarn.Commands.S3;

/// <summary><c>tarn s3</c>: files and objects, at Tarn or at any S3 service.</summary>
internal static class S3Commands
{
    public static CommandSpec Spec { get; } = CommandSpec.Group(
        "s3",
        "copy, list and share objects of Tarn or any S3 service",
        S3BucketCommands.Make,
        S3BucketCommands.Remove,
        S3ListCommand.Spec,
        S3CopyCommands.Copy,
        S3CopyCommands.Move,
        S3RemoveCommand.Spec,
        S3CatCommand.Spec,
        S3StatCommand.Spec,
        S3SyncCommand.Spec,
        S3PresignCommand.Spec,
        S3UsageCommand.Spec,
        S3AliasCommand.Spec,
        S3RepairCommand.Spec);

    /// <summary>Runs a command of the group with the places that its words name.</summary>
    public static Func<CommandContext, CancellationToken, Task<int>> With(Func<CommandContext, S3Places, CancellationToken, Task<int>> run) => async (context, cancellationToken) =>
    {
        using var places = new S3Places(context.Words, S3Aliases.OfUser());
        return await run(context, places, cancellationToken);
    };
}
