using Tarn.CommandLine;
using Tarn.Composition;
using Tarn.Storage.Buckets;

namespace Tarn.Commands.S3;

/// <summary><c>tarn s3 repair</c>: makes a damaged object index usable again.</summary>
internal static class S3RepairCommand
{
    public static CommandSpec Spec { get; } = new("s3 repair", "repair the damaged object index of a data folder that no server has open")
    {
        Details = """
            Keeps all that can be read of the index, brings objects whose entries are lost back from their files, and sets files aside that nothing
            refers to any more. Metadata, tags and earlier versions that only the damaged part knew are lost: what is affected is listed. The
            damaged index is kept beside. Without damage nothing is changed.
            """,
        Examples = [new("tarn s3 repair --data tarn-data", "after 'The object index is damaged …'")],
        Run = RunAsync,
    };

    private static async Task<int> RunAsync(CommandContext context, CancellationToken cancellationToken)
    {
        var outcome = await BucketRepair.RunAsync(LakeOptions.Of(context.Words).DataFolder, cancellationToken: cancellationToken);
        if (outcome.DamagedIndex is null)
        {
            context.Say("The object index is not damaged; nothing was changed.");
            return ExitCode.Done;
        }

        foreach (string damage in outcome.Damages)
            context.Say($"unreadable: {damage}");
        foreach (string bucket in outcome.LostBuckets)
            context.Say($"configuration lost (owner, versioning, policy, lifecycle …): bucket {bucket}");
        foreach (string version in outcome.LostVersions)
            context.Say($"bytes not found, entry left out: {version}");
        context.Say($"{outcome.KeptVersions} versions kept; {outcome.AdoptedObjects} objects came back from their files, without their metadata and tags; {outcome.SetAsideFiles} files set aside in .objects/lost.");
        context.Say($"The damaged index is kept in '{outcome.DamagedIndex}'.");
        return ExitCode.Done;
    }
}
