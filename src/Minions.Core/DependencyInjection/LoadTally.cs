using Minions.Core.Files;
using Minions.Core.Pipeline;

namespace Minions.Core.DependencyInjection;

/// <summary>Adds up the files of a load, whose models open theirs side by side, and reports each.</summary>
internal sealed class LoadTally(IProgress<LoadProgress> progress)
{
    private readonly Lock _gate = new();
    private long _loaded;
    private long _total;

    public void Check() => progress.Report(new LoadProgress { Phase = LoadPhase.Checking });

    /// <summary>Loads one thing. What it opened counts as loaded when it is ready.</summary>
    public async Task<T> LoadAsync<T>(Func<IProgress<FileOpening>, Task<T>> load)
    {
        var part = new Part(this);
        T loaded = await load(part).ConfigureAwait(false);
        part.Complete();
        return loaded;
    }

    private sealed class Part(LoadTally tally) : IProgress<FileOpening>
    {
        // A model that finds no GPU opens its files a second time.
        private readonly List<FileOpening> _files = [];

        public void Report(FileOpening value)
        {
            lock (tally._gate)
            {
                if (_files.Contains(value))
                    return;

                _files.Add(value);
                tally._total += value.Bytes;
                Tell(LoadPhase.Opening, value);
            }
        }

        public void Complete()
        {
            lock (tally._gate)
            {
                foreach (FileOpening file in _files)
                {
                    tally._loaded += file.Bytes;
                    Tell(LoadPhase.Opened, file);
                }
            }
        }

        private void Tell(LoadPhase phase, FileOpening file) => tally.Report(phase, file);
    }

    private void Report(LoadPhase phase, FileOpening file) => progress.Report(
        new LoadProgress { Phase = phase, File = file.Path, Bytes = file.Bytes, LoadedBytes = _loaded, TotalBytes = _total });
}
