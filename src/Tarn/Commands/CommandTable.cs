using Tarn.CommandLine;
using Tarn.Commands.Access;
using Tarn.Commands.Catalogs;
using Tarn.Commands.Governance;
using Tarn.Commands.S3;
using Tarn.Demo;

namespace Tarn.Commands;

/// <summary>The commands of <c>tarn</c>, in the order of help.</summary>
internal static class CommandTable
{
    public static IReadOnlyList<CommandEntry> All { get; } =
    [
        new("demo", () => DemoCommand.Spec),
        new("generate", () => GenerateCommand.Spec),
        new("ingest", () => IngestCommand.Spec),
        new("read", () => ReadCommand.Spec),
        new("sql", () => SqlCommand.Spec),
        new("tables", () => TablesCommand.Spec),
        new("describe", () => DescribeCommand.Spec),
        new("history", () => HistoryCommand.Spec),
        new("diff", () => DiffCommand.Spec),
        new("rollback", () => RollbackCommand.Spec),
        new("export", () => ExportCommand.Spec),
        new("search", () => SearchCommand.Spec),
        new("lineage", () => LineageCommand.Spec),
        new("tag", () => TagCommands.Spec),
        new("branch", () => BranchCommands.Spec),
        new("catalog", () => CatalogCommands.Spec),
        new("up", () => UpCommand.Spec),
        new("config", () => ConfigCommand.Spec),
        new("s3", () => S3Commands.Spec),
        new("relocate", () => RelocateCommand.Spec),
        new("user", () => UserCommands.Spec),
        new("key", () => KeyCommands.Spec),
        new("group", () => GroupCommands.Spec),
        new("role", () => RoleCommands.Spec),
        new("policy", () => PolicyCommands.Spec),
        new("audit", () => AuditCommand.Spec),
    ];
}
