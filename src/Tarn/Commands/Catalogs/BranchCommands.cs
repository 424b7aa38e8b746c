using Tarn.CommandLine;
using Tarn.Metastore;
using Tarn.Metastore.Branches;
using Tarn.Metastore.Catalogs;
using Tarn.Output;

namespace Tarn.Commands.Catalogs;

/// <summary><c>tarn branch</c>: branches of the whole catalog.</summary>
internal static class BranchCommands
{
    private static readonly ArgumentSpec s_branch = new("BRANCH", "name of the branch");
    private static readonly OptionSpec s_from = new("from", "BRANCH", $"the branch that it shares everything with at first (default: {CatalogAddress.MainBranch})");
    private static readonly OptionSpec s_into = new("into", "BRANCH", "the branch that gets the changes (default: the one that it came from)");

    public static CommandSpec Spec { get; } = CommandSpec.Group("branch", "branch, compare and merge the whole catalog", Create, List, Diff, Merge, Delete);

    private static CommandSpec Create => new("branch create", "make a branch of every table and view, without copying anything")
    {
        Details = "Work on it with --branch, as in 'tarn sql --branch dev', or in SQL as \"iceberg@dev\".schema.table.",
        Arguments = [s_branch],
        Options = [s_from, CatalogSession.Warehouse],
        Examples = [new("tarn branch create dev", "a branch of main"), new("tarn branch create dev-fix --from dev", "a branch of a branch")],
        Run = CatalogSession.Change((context, catalogs, cancellationToken) => BranchesOf(context, catalogs)
            .CreateAsync(context.Words.Arguments[0], FromOf(context), cancellationToken).AsTask(), context => $"'{context.Words.Arguments[0]}' has everything that '{FromOf(context)}' has."),
    };

    private static CommandSpec List => new("branch list", "list the branches with where they came from")
    {
        Options = [CatalogSession.Warehouse],
        Examples = [new("tarn branch list", "all branches")],
        Run = CatalogSession.Show(async (context, catalogs, cancellationToken) => new RowsResult(
            [RowsResult.Text("branch"), RowsResult.Text("from"), RowsResult.Instant("created"), RowsResult.Number("created_at_commit"), RowsResult.Number("last_commit")],
            [
                .. (await BranchesOf(context, catalogs).ListAsync(cancellationToken)).Select(branch => new[]
                {
                    branch.Key, branch.Value.Origin?.Parent, branch.Value.Origin is { } origin ? CatalogSession.Instant(origin.CreatedTime) : null,
                    branch.Value.Origin?.CreatedNumber, branch.Value.HeadNumber,
                }),
            ])),
    };

    private static CommandSpec Diff => new("branch diff", "show what a branch and the one that it came from did since they were last equal")
    {
        Arguments = [s_branch, new ArgumentSpec("OTHER", "compare with this branch") { Optional = true }],
        Options = [CatalogSession.Warehouse],
        Examples = [new("tarn branch diff dev", "namespaces, tables and views that were added, changed or dropped, on which side, and what conflicts")],
        Run = CatalogSession.Show(async (context, catalogs, cancellationToken) =>
        {
            var branches = BranchesOf(context, catalogs);
            string source = context.Words.Arguments[0], target = context.Words.Argument(1) ?? await ParentAsync(context, catalogs, cancellationToken);
            RequireTwo(source, target, "compared with", $"name another one: tarn branch diff {source} OTHER");
            return Rows(await branches.CompareAsync(source, target, cancellationToken), source, target);
        }),
    };

    private static CommandSpec Merge => new("branch merge", "bring the changes of a branch to another one, all at once")
    {
        Details = """
            What only one side changed is taken over, what both did alike is left as it is. A table that both wrote to, and anything else that both
            changed differently, is a conflict: it is named, and nothing is changed. Also from the other side: 'tarn branch merge main --into dev'.
            """,
        Arguments = [s_branch],
        Options = [s_into, CatalogSession.Warehouse],
        Examples = [new("tarn branch merge dev", "into the branch that it came from"), new("tarn branch merge main --into dev", "bring a branch up to date")],
        Run = CatalogSession.Change(async (context, catalogs, cancellationToken) =>
        {
            string source = context.Words.Arguments[0], target = context.Words.Value(s_into.Name) ?? await ParentAsync(context, catalogs, cancellationToken);
            RequireTwo(source, target, "merged into", $"name another one with --{s_into.Name}");
            var changes = await BranchesOf(context, catalogs).MergeAsync(source, target, cancellationToken);
            context.Say(changes.Count == 0
                ? $"'{target}' has everything of '{source}' already."
                : $"Merged '{source}' into '{target}': {string.Join(", ", changes.GroupBy(c => c.Change).Select(g => $"{g.Count()} {Word(g.Key)}"))}.");
        }),
    };

    private static CommandSpec Delete => new("branch delete", "delete a branch")
    {
        Details = "Tables that only this branch has can be brought back for as long as dropped tables are; afterwards their files are deleted.",
        Arguments = [s_branch],
        Options = [CatalogSession.Warehouse],
        Examples = [new("tarn branch delete dev", "main and everything merged stay as they are")],
        Run = CatalogSession.Change((context, catalogs, cancellationToken) => BranchesOf(context, catalogs).DeleteAsync(context.Words.Arguments[0], cancellationToken).AsTask(), context => $"Branch '{context.Words.Arguments[0]}' is deleted."),
    };

    private static string FromOf(CommandContext context) => context.Words.Value(s_from.Name) ?? CatalogAddress.MainBranch;

    private static CatalogBranches BranchesOf(CommandContext context, EmbeddedCatalogs catalogs) => catalogs.Branches(CatalogSession.WarehouseOf(context));

    private static async Task<string> ParentAsync(CommandContext context, EmbeddedCatalogs catalogs, CancellationToken cancellationToken)
    {
        var at = new CatalogAddress(CatalogSession.WarehouseOf(context), context.Words.Arguments[0]);
        return (await catalogs.Log.ReadAsync(cancellationToken)).RequireBranch(at).Origin?.Parent
            ?? throw new UsageException($"'{at.Branch}' came from no other branch: name the other one, too");
    }

    private static void RequireTwo(string source, string target, string verb, string wayOut)
    {
        if (source == target)
            throw new UsageException($"branch '{source}' cannot be {verb} itself: {wayOut}");
    }

    private static RowsResult Rows(BranchComparison comparison, string source, string target)
    {
        var conflicts = comparison.Conflicts.SelectMany(c => new[] { c.Source, c.Target }).ToHashSet();
        var rows = comparison.Source.Select(change => (source, change)).Concat(comparison.Target.Select(change => (target, change)))
            .Select(row => new object?[] { row.Item1, Word(row.change.Change), row.change.Kind, row.change.FullName, conflicts.Contains(row.change) ? "conflict" : null });
        return new RowsResult([RowsResult.Text("branch"), RowsResult.Text("change"), RowsResult.Text("kind"), RowsResult.Text("name"), RowsResult.Text("merge")], [.. rows]);
    }

    private static string Word(BranchChangeKind kind) => kind switch
    {
        BranchChangeKind.Added => "added",
        BranchChangeKind.Changed => "changed",
        _ => "dropped",
    };
}
