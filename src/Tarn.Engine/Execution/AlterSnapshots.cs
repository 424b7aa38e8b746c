using System.Globalization;
using Tarn.Core.Errors;
using Tarn.Engine.Sql.Literals;
using Tarn.Engine.Sql.Statements;
using Tarn.Iceberg.Catalogs;
using Tarn.Iceberg.Transactions;

namespace Tarn.Engine.Execution;

/// <summary>Branches, tags and <c>EXECUTE rollback_to_snapshot(…)</c>.</summary>
internal static class AlterSnapshots
{
    public static void Add(Transaction transaction, TableHandle table, AlterTableAction action)
    {
        var update = transaction.Add(new ManageSnapshots());
        switch (action)
        {
            case CreateRef create:
                Create(update, table, create);
                break;
            case DropRef { IfExists: true } drop when !table.Metadata.Refs.ContainsKey(drop.Name):
                break;
            case DropRef { Kind: RefKind.Branch } drop:
                update.RemoveBranch(drop.Name);
                break;
            case DropRef drop:
                update.RemoveTag(drop.Name);
                break;
            case FastForwardBranch forward:
                update.FastForward(forward.Name, forward.Target);
                break;
            case ExecuteProcedure execute:
                Execute(update, table, execute);
                break;
        }
    }

    /// <summary>The snapshot that a literal names: an id, or a branch or tag.</summary>
    public static long Snapshot(TableHandle table, SqlLiteral literal) => literal switch
    {
        StringLiteral { Value: var name } when table.Metadata.Refs.TryGetValue(name, out var reference) => reference.SnapshotId,
        StringLiteral { Value: var text } when long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long id) => id,
        StringLiteral { Value: var name } => throw TarnException.NotFound($"Table '{table.Identifier}' has no branch or tag '{name}'."),
        _ => LiteralValues.Integer(literal, "The snapshot"),
    };

    private static void Create(ManageSnapshots update, TableHandle table, CreateRef create)
    {
        bool exists = table.Metadata.Refs.ContainsKey(create.Name);
        if (create.IfNotExists && exists)
            return;
        if (create.MustExist && !exists)
            throw TarnException.NotFound($"Table '{table.Identifier}' has no {create.Kind.ToString().ToLowerInvariant()} '{create.Name}' to replace.");
        long? snapshot = create.From is { } from ? Snapshot(table, from) : null;
        bool replace = create.OrReplace || create.MustExist;
        if (create.Kind == RefKind.Branch)
            _ = replace ? update.CreateOrReplaceBranch(create.Name, snapshot) : update.CreateBranch(create.Name, snapshot);
        else
            _ = replace ? update.CreateOrReplaceTag(create.Name, snapshot) : update.CreateTag(create.Name, snapshot);
        if (create.MinSnapshotsToKeep is { } keep)
            update.SetMinSnapshotsToKeep(create.Name, keep);
        if (create.MaxSnapshotAge is { } snapshotAge)
            update.SetMaxSnapshotAge(create.Name, snapshotAge);
        if (create.MaxRefAge is { } age)
            update.SetMaxRefAge(create.Name, age);
    }

    private static void Execute(ManageSnapshots update, TableHandle table, ExecuteProcedure execute)
    {
        switch (execute.Procedure.Last.ToLowerInvariant())
        {
            case "rollback_to_snapshot":
                update.RollbackTo(Snapshot(table, Argument(execute)));
                break;
            case "rollback_to_timestamp":
                update.RollbackToTime(Time(Argument(execute)));
                break;
            case "set_current_snapshot":
                update.SetCurrent(Snapshot(table, Argument(execute)));
                break;
            default:
                throw TarnException.Unsupported($"There is no procedure '{execute.Procedure.Dotted}'. This version has rollback_to_snapshot, rollback_to_timestamp and set_current_snapshot.");
        }
    }

    private static SqlLiteral Argument(ExecuteProcedure execute) =>
        execute.Arguments is [var only] ? SqlLiteral.Parse(only.Value) : throw TarnException.Invalid($"{execute.Procedure.Dotted} takes one argument.");

    private static DateTimeOffset Time(SqlLiteral literal) =>
        literal is StringLiteral or TypedLiteral && DateTimeOffset.TryParse(literal.ToPropertyText(), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            ? time
            : throw TarnException.Invalid($"{literal} is no time; give a timestamp, e.g. TIMESTAMP '2026-01-31 12:00:00'.");
}
