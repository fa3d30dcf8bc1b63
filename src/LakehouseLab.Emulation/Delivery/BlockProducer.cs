using System.Runtime.ExceptionServices;
using System.Threading.Channels;
using LakehouseLab.Emulation.Requests;
using LakehouseLab.Emulation.Rows;
using LakehouseLab.Formats.Records;
using LakehouseLab.World.Domains;

namespace LakehouseLab.Emulation.Delivery;

/// <summary>
/// Makes and encodes the blocks of a range on some threads and hands them out in order. Thread i makes every block whose
/// number is i modulo the threads, into a short queue of its own: no lock is shared, and memory is bounded by the queues.
/// </summary>
internal sealed class BlockProducer(EmulationRequest request, RowRange range)
{
    // One to fill while the writer has the other: more leave the processor's cache (4 cost a twentieth with two threads).
    private const int BlocksPerThread = 2;

    /// <summary>Makes all blocks and consumes them in order.</summary>
    /// <param name="consume">Takes a block; its buffer is used again afterwards. Says whether it wants more.</param>
    /// <param name="cancellationToken">Ends it between two blocks.</param>
    public async Task RunAsync(Func<EncodedBlock, ValueTask<bool>> consume, CancellationToken cancellationToken)
    {
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Lane[] lanes = [.. Enumerable.Range(0, request.Threads).Select(_ => new Lane(request))];
        Task[] makers = [.. lanes.Select((lane, index) => Task.Factory.StartNew(
            () => Make(lane, index, stop.Token), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default))];
        try
        {
            long firstBlock = range.FirstRow / IDataFactory.BlockRows;
            for (long block = firstBlock; block * IDataFactory.BlockRows < range.EndRow; block++)
            {
                Lane lane = lanes[(block - firstBlock) % lanes.Length];
                EncodedBlock made = await lane.Full.Reader.ReadAsync(stop.Token).ConfigureAwait(false);
                if (!await consume(made).ConfigureAwait(false))
                {
                    return;
                }

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
            BlockMaker maker = new(request, lane.Factory);
            for (long block = (range.FirstRow / IDataFactory.BlockRows) + index; block * IDataFactory.BlockRows < range.EndRow; block += request.Threads)
            {
                EncodedBlock empty = lane.Empty.Reader.ReadAsync(stop).AsTask().GetAwaiter().GetResult();
                maker.Fill(empty, block, range);
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

    private sealed class Lane
    {
        public Lane(EmulationRequest request)
        {
            Factory = request.World.CreateFactory(request.Domain);
            for (int i = 0; i < BlocksPerThread; i++)
            {
                Empty.Writer.TryWrite(new EncodedBlock { Batch = request.Format.Format == RecordFormat.Parquet ? Factory.CreateBatch() : null });
            }
        }

        public IDataFactory Factory { get; }

        public Channel<EncodedBlock> Empty { get; } = Channel.CreateBounded<EncodedBlock>(BlocksPerThread);

        public Channel<EncodedBlock> Full { get; } = Channel.CreateBounded<EncodedBlock>(BlocksPerThread);
    }
}
