using Microsoft.ML.OnnxRuntimeGenAI;
using Minions.Core.OnnxRuntime;

namespace Minions.Core.GenAI.Loading;

/// <summary>A loaded model: what GenAI holds of it, what its folder says and what a trial found. Shared by the sequences of all requests.</summary>
internal sealed class GenAIModel : IDisposable
{
    // GenAI makes what belongs to a device when the first model on it is loaded, without a lock of its own.
    private static readonly Lock LoadGate = new();

    private readonly Lock _lifetime = new();
    private readonly Config _config;
    private readonly Model _model;
    private readonly Adapters? _adapters;
    private int _openGenerators;
    private bool _isDisposed;

    private GenAIModel(Config config, Model model, Adapters? adapters, GenAIConfiguration configuration, GenAIModelOptions options)
    {
        (_config, _model, _adapters, Configuration) = (config, model, adapters, configuration);
        AdapterNames = [.. options.Adapters.Keys.Order(StringComparer.Ordinal)];
        Folder = Path.TrimEndingDirectorySeparator(Path.GetFullPath(options.Folder));
        Name = options.Name ?? Path.GetFileName(Folder);
        Provider = options.Provider ?? "the provider of its folder";
        EndTokens = ModelFolderFiles.ReadEndTokens(Folder);
        Fingerprint = $"genai/{Path.GetFileName(Folder)}:{new DirectoryInfo(Folder).EnumerateFiles().Where(file => file.Extension != ".json").Sum(file => file.Length)}";
    }

    /// <summary>The full path of the folder.</summary>
    public string Folder { get; }

    /// <summary>What the model is called.</summary>
    public string Name { get; }

    /// <summary>The execution provider, for messages.</summary>
    public string Provider { get; }

    /// <summary>The ids that end a text.</summary>
    public IReadOnlyList<int> EndTokens { get; }

    /// <summary>The folder's name and the size of its files: enough to tell a model from another.</summary>
    public string Fingerprint { get; }

    /// <summary>The adapters that it was loaded with.</summary>
    public IReadOnlyList<string> AdapterNames { get; }

    public GenAIConfiguration Configuration { get; }

    /// <summary>What runs of the model give; set by the trial at load.</summary>
    public RowOutput Rows { get; private set; }

    /// <summary>How many generators are open.</summary>
    public int OpenGenerators => Volatile.Read(ref _openGenerators);

    /// <summary>Loads a model and tries what it can.</summary>
    /// <param name="options">The folder and how to run it.</param>
    /// <param name="defaultThreads">The threads where neither options nor folder say.</param>
    /// <param name="cancellationToken">Looked at between the steps; GenAI's own load cannot be stopped.</param>
    /// <exception cref="ModelLoadException">The model cannot be used.</exception>
    public static GenAIModel Load(GenAIModelOptions options, int defaultThreads, CancellationToken cancellationToken)
    {
        GenAIConfiguration configuration = GenAIConfiguration.Read(options.Folder);
        foreach ((string member, string fault) in OptionFaults.Find(options))
            throw new ModelLoadException($"{nameof(GenAIModelOptions)}.{member} of '{options.Folder}': {fault}", options.Folder);

        cancellationToken.ThrowIfCancellationRequested();
        return GenAINatives.Guard(options.Folder, options.Provider, () =>
        {
            GenAIModel model = Open(configuration, options, defaultThreads);
            try
            {
                GenAINatives.RefuseTwoRuntimes(options.Folder);
                cancellationToken.ThrowIfCancellationRequested();
                model.Rows = TrialRun.Of(model);
                return model;
            }
            catch
            {
                model.Dispose();
                throw;
            }
        });
    }

    /// <summary>Opens a generator, which holds the keys and values of one text.</summary>
    /// <param name="length">The most ids it can hold.</param>
    /// <param name="adapter">The adapter it runs with, or null.</param>
    public GenAIGenerator OpenGenerator(int length, string? adapter)
    {
        // A model that is disposed meanwhile would be a null pointer to GenAI.
        lock (_lifetime)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            using var parameters = new GeneratorParams(_model);
            parameters.SetSearchOption("max_length", length);
            RunsOnly(parameters);
            var generator = new GenAIGenerator(new Generator(_model, parameters), this, length);
            try
            {
                if (adapter is not null)
                    generator.Use(_adapters!, adapter);
                return generator;
            }
            catch
            {
                generator.Dispose();
                throw;
            }
        }
    }

    /// <summary>The adapter that a request names and the model has, or null.</summary>
    public string? AdapterOf(IReadOnlyDictionary<string, object?> properties) =>
        properties.GetValueOrDefault(GenAIModelOptions.AdapterProperty) is string adapter && AdapterNames.Contains(adapter) ? adapter : null;

    /// <summary>Refuses a request that names an adapter which the model was not loaded with.</summary>
    /// <exception cref="ArgumentException">It does.</exception>
    public void RefuseUnknownAdapter(IReadOnlyDictionary<string, object?> properties)
    {
        if (properties.GetValueOrDefault(GenAIModelOptions.AdapterProperty) is not { } wanted || AdapterOf(properties) is not null)
            return;
        if (wanted is not string adapter)
            throw new ArgumentException($"Property '{GenAIModelOptions.AdapterProperty}' is a {wanted.GetType().Name}, but the name of an adapter is a string.");

        string loaded = AdapterNames.Count == 0 ? "none" : string.Join(", ", AdapterNames.Select(name => $"'{name}'"));
        throw new ArgumentException($"Model '{Name}' has no adapter '{adapter}'. It was loaded with {loaded}: add it to {nameof(GenAIModelOptions)}.{nameof(GenAIModelOptions.Adapters)}.");
    }

    internal void CountGenerator(int change) => Interlocked.Add(ref _openGenerators, change);

    /// <summary>Lets go of the model; GenAI frees it with the last generator.</summary>
    public void Dispose()
    {
        lock (_lifetime)
        {
            if (_isDisposed)
                return;
            _isDisposed = true;
            _adapters?.Dispose();
            _model.Dispose();
            _config.Dispose();
        }
    }

    // What a folder says of searching has no part here, and some of it would change which rows a run gives or forbid to go back.
    private static void RunsOnly(GeneratorParams parameters)
    {
        parameters.SetSearchOption("batch_size", 1);
        parameters.SetSearchOption("num_beams", 1);
        parameters.SetSearchOption("num_return_sequences", 1);
        parameters.SetSearchOption("do_sample", false);
        parameters.SetSearchOption("chunk_size", 0);
        parameters.SetSpeculativeNumber("ngram_size", 0);
        parameters.SetSpeculativeBool("ngram_chained_lookup", false);
    }

    private static GenAIModel Open(GenAIConfiguration configuration, GenAIModelOptions options, int defaultThreads)
    {
        var config = new Config(options.Folder);
        Model? model = null;
        Adapters? adapters = null;
        try
        {
            SessionOverlay.Apply(config, configuration, options, defaultThreads);
            lock (LoadGate)
                model = new Model(config);
            if (options.Adapters.Count > 0)
            {
                adapters = new Adapters(model);
                foreach ((string name, string file) in options.Adapters)
                    adapters.LoadAdapter(file, name);
            }

            return new GenAIModel(config, model, adapters, configuration, options);
        }
        catch
        {
            adapters?.Dispose();
            model?.Dispose();
            config.Dispose();
            throw;
        }
    }
}
