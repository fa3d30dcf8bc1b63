using Microsoft.Data.Sqlite;

namespace LakehouseLab.Server.Jobs;

/// <summary>The statements that write jobs, prepared once.</summary>
internal sealed class JobCommands : IDisposable
{
    private const string Point = "write";

    private readonly SqliteCommand _put;
    private readonly SqliteCommand _delete;
    private readonly SqliteCommand _probe;

    public JobCommands(SqliteConnection connection)
    {
        _put = Create(connection, "INSERT INTO jobs (kind, number, id, state, record) VALUES ($kind, $number, $id, $state, $record) ON CONFLICT DO UPDATE SET state = excluded.state, record = excluded.record WHERE id = excluded.id", "$kind", "$number", "$id", "$state", "$record");
        _delete = Create(connection, "DELETE FROM jobs WHERE kind = $kind AND number = $number", "$kind", "$number");
        _probe = Create(connection, "UPDATE probe SET count = count + 1");
    }

    /// <summary>Writes jobs within a transaction, all or none of them.</summary>
    /// <returns>The job whose number is another's, so that none is written; null when all are.</returns>
    public StoredJob? Run(SqliteTransaction transaction, IReadOnlyList<StoredJob> jobs)
    {
        transaction.Save(Point);
        foreach (StoredJob job in jobs)
        {
            SqliteCommand command = job.Record is null ? _delete : _put;
            command.Transaction = transaction;
            command.Parameters["$kind"].Value = job.Kind;
            command.Parameters["$number"].Value = job.Number;
            if (job.Record is not null)
            {
                command.Parameters["$id"].Value = job.Id.ToString();
                command.Parameters["$state"].Value = job.State.ToString().ToLowerInvariant();
                command.Parameters["$record"].Value = job.Record;
            }

            if (command.ExecuteNonQuery() == 0 && command == _put)
            {
                transaction.Rollback(Point);
                return job;
            }
        }

        transaction.Release(Point);
        return null;
    }

    /// <summary>Writes something within a transaction, to see whether that goes.</summary>
    public void Probe(SqliteTransaction transaction)
    {
        _probe.Transaction = transaction;
        _probe.ExecuteNonQuery();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _put.Dispose();
        _delete.Dispose();
        _probe.Dispose();
    }

    private static SqliteCommand Create(SqliteConnection connection, string sql, params string[] parameters)
    {
        SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        foreach (string parameter in parameters)
        {
            command.Parameters.Add(new SqliteParameter { ParameterName = parameter });
        }

        return command;
    }
}
