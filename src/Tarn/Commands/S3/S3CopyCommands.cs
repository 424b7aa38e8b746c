using Tarn.CommandLine;
using Tarn.Core.Errors;
using Tarn.Storage.Transfer;

namespace Tarn.Commands.S3;

/// <summary><c>tarn s3 cp</c> and <c>tarn s3 mv</c>: files and objects from one place to another.</summary>
internal static class S3CopyCommands
{
    private static readonly ArgumentSpec[] Ends =
    [
        new("FROM", "a local path, s3://bucket/key or ALIAS:bucket/key"),
        new("TO", "the same; a folder (or a place that ends with a slash) keeps the file's name"),
    ];

    public static CommandSpec Copy { get; } = new("s3 cp", "copy files and objects")
    {
        Arguments = Ends,
        Options = [new OptionSpec("recursive", null, "everything below FROM") { Letter = 'r' }, .. S3Places.Options],
        Examples =
        [
            new("tarn s3 cp orders.csv s3://raw/2024/", "a file into a bucket"),
            new("tarn s3 cp -r s3://raw/2024 ./2024", "a folder to the disk"),
            new("tarn s3 cp -r prod:raw s3://raw", "from another service"),
        ],
        Run = S3Commands.With((context, places, cancellationToken) => RunAsync(context, places, removesSources: false, cancellationToken)),
    };

    public static CommandSpec Move { get; } = new("s3 mv", "move files and objects: copy, then remove each at its source")
    {
        Arguments = Ends,
        Options = Copy.Options,
        Examples = [new("tarn s3 mv s3://raw/orders.csv s3://raw/done/orders.csv", "rename an object")],
        Run = S3Commands.With((context, places, cancellationToken) => RunAsync(context, places, removesSources: true, cancellationToken)),
    };

    private static async Task<int> RunAsync(CommandContext context, S3Places places, bool removesSources, CancellationToken cancellationToken)
    {
        var source = places.Find(context.Words.Arguments[0]);
        var target = places.Find(context.Words.Arguments[1]);
        if (target is S3End { Bucket.Length: 0 })
            throw new UsageException($"'{target.Text}' names no bucket: write s3://bucket/key");
        IReadOnlyList<TransferItem> items;
        if (context.Words.Has("recursive"))
        {
            // Copying a folder into itself would find its own copies.
            if (source.Contains(target))
                throw new UsageException($"'{target.Text}' lies inside '{source.Text}'");
            items = await TransferDisplay.ListAsync(source, cancellationToken);
        }
        else
        {
            items = [await FindAsync(source, cancellationToken)];
            target = target.IsFolder ? target.Below(source.LastName) : target;
            // An object may lie below another one, as a file cannot.
            if (source.Contains(target) && target.Contains(source))
                throw new UsageException($"'{source.Text}' and '{target.Text}' are the same");
        }

        if (items.Count == 0)
            throw TarnException.NotFound($"There is nothing below '{source.Text}'.");
        await new TransferDisplay(context).CopyAsync(source, target, items, removesSources, cancellationToken);
        return ExitCode.Done;
    }

    private static async Task<TransferItem> FindAsync(TransferEnd source, CancellationToken cancellationToken)
    {
        if (await source.FindAsync(cancellationToken) is { } item)
            return item;
        throw TarnException.NotFound(source.IsFolder
            ? $"'{source.Text}' is a folder; --recursive copies what is below it."
            : $"There is no file or object '{source.Text}'. If it is a folder, --recursive copies what is below it.");
    }
}
