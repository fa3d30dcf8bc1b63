using System.Runtime.ExceptionServices;
using System.Threading.Channels;
using LakehouseLab.Emulation.Json;
using LakehouseLab.World;
using LakehouseLab.World.Batches;

namespace LakehouseLab.Emulation;

/// <summary>
/// Makes and encodes a request's blocks on some threads and hands them out in order. Thread i makes every block whose
/// number is i modulo the threads, into a short queue of its own: no lock is shared, and memory is bounded by the queues.
/// </summary>
internal sealed class BlockProducer(EmulationRequest request, long firstRow)
{
    // One to fill while the writer has the other: more leave the processor's cache (4 cost a twentieth with two threads).
    private const int BlocksPerThread = 2;

    private readonly long _endRow = Math.Max(firstRow, Math.Min(request.EndRow, request.StopRow ?? request.EndRow));

    /// <summary>Makes all blocks and consumes them in order.</summary>
    /// <param name="consume">Takes a block; its buffer is used again afterwards.</param>
    /// <param name="cancellationToken">Ends it between two blocks.</param>
    public async Task RunAsync(Func<EncodedBlock, ValueTask> consume, CancellationToken cancellationToken)
    {
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Lane[] lanes = [.. Enumerable.Range(0, request.Threads).Select(_ => new Lane())];
        Task[] makers = [.. lanes.Select((lane, index) => Task.Factory.StartNew(
            () => Make(lane, index, stop.Token), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default))];
        try
        {
            long firstBlock = firstRow / IDataFactory.BlockRows;
            for (long block = firstBlock; block * IDataFactory.BlockRows < _endRow; block++)
            {
                Lane lane = lanes[(block - firstBlock) % lanes.Length];
                EncodedBlock made = await lane.Full.Reader.ReadAsync(stop.Token).ConfigureAwait(false);
                await consume(made).ConfigureAwait(false);
                lane.Empty.Writer.TryWrite(made);
            }
        }
        catch (ChannelClosedException closed) when (closed.InnerException is { } failure)
        {
            // The channel tells it before the maker's task has ended with it.
            ExceptionDispatchInfo.Throw(failure);
        }
        finally
        {
            await stop.CancelAsync().ConfigureAwait(false);
            await Task.WhenAll(makers).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private void Make(Lane lane, int index, CancellationToken stop)
    {
        try
        {
            IDataFactory factory = request.World.CreateFactory(request.Schema);
            RecordBatch batch = factory.CreateBatch();
            JsonBatchWriter writer = new(batch, request.Labels);
            for (long block = (firstRow / IDataFactory.BlockRows) + index; block * IDataFactory.BlockRows < _endRow; block += request.Threads)
            {
                EncodedBlock empty = lane.Empty.Reader.ReadAsync(stop).AsTask().GetAwaiter().GetResult();
                factory.FillBlock(batch, block);
                int first = (int)Math.Max(0, firstRow - batch.FirstRow);
                int end = (int)Math.Min(batch.Count, _endRow - batch.FirstRow);
                empty.Bytes.Clear();
                empty.Rows = end - first;
                writer.Write(first, empty.Rows, empty.Bytes);
                CountFrauds(batch.Rules.AsSpan(first, empty.Rows), empty.Frauds);
                lane.Full.Writer.TryWrite(empty);
            }

            lane.Full.Writer.Complete();
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The consumer ended first and tells why.
        }
        catch (Exception exception)
        {
            lane.Full.Writer.Complete(exception);
            throw;
        }
    }

    private static void CountFrauds(ReadOnlySpan<FraudRule> rules, long[] counts)
    {
        Array.Clear(counts);
        foreach (FraudRule rule in rules)
        {
            counts[(int)rule]++;
        }
    }

    private sealed class Lane
    {
        public Lane()
        {
            for (int i = 0; i < BlocksPerThread; i++)
            {
                Empty.Writer.TryWrite(new EncodedBlock());
            }
        }

        public Channel<EncodedBlock> Empty { get; } = Channel.CreateBounded<EncodedBlock>(BlocksPerThread);

        public Channel<EncodedBlock> Full { get; } = Channel.CreateBounded<EncodedBlock>(BlocksPerThread);
    }
}
