using Microsoft.Extensions.Logging;
using Microsoft.ML.OnnxRuntime;
using Minions.Core.OnnxRuntime.Folder;
using Minions.Core.OnnxRuntime.Graph;
using Minions.Core.OnnxRuntime.Lifetime;

namespace Minions.Core.OnnxRuntime.Sessions;

/// <summary>Opens ONNX Runtime sessions on the provider that was asked for. Stateless: may be used from several threads.</summary>
internal sealed class SessionFactory(ILogger logger)
{
    private const string DataFolderEntry = "session.model_external_initializers_file_folder_path";
    private const string GpuPackage = "Microsoft.ML.OnnxRuntime.Gpu";

    /// <summary>Whether the native library in use can run models on CUDA.</summary>
    public static bool HasCuda => Array.IndexOf(OrtEnv.Instance().GetAvailableProviders(), NativeLibrary.CudaProvider) >= 0;

    /// <summary>Loads a model; blocks for as long as that takes.</summary>
    /// <param name="request">Device, threads and entries asked for in code.</param>
    /// <param name="folder">The folder of the model.</param>
    /// <param name="rewritten">The graph to load in place of the folder's own, with the folder's external data, or null.</param>
    /// <param name="weights">Weights to read a rewritten graph's from on the CPU, or null.</param>
    /// <param name="ct">Stops the load.</param>
    /// <exception cref="ModelLoadException">The model, the provider or the native library cannot be loaded.</exception>
    /// <exception cref="OperationCanceledException">The load was stopped.</exception>
    public OpenedSession Open(SessionRequest request, ModelFolder folder, RewrittenGraph? rewritten, SharedWeights? weights, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        var settings = SessionSettings.Resolve(request, folder, ProcessorFeatures.NeedsQuantPrecision);
        return request.Device switch
        {
            SessionDevice.Cpu => OpenOnCpu(),
            SessionDevice.Cuda => OpenOnCuda(),
            _ => OpenOnBest(),
        };

        OpenedSession OpenOnCpu() => Open(SessionDevice.Cpu, settings, folder, rewritten, weights, ct);

        OpenedSession OpenOnCuda() => HasCuda
            ? OpenOnDevice()
            : throw CudaUnavailable(folder, "the native library of ONNX Runtime in use has no CUDA provider", null, hasProvider: false);

        OpenedSession OpenOnDevice()
        {
            OpenedSession opened = Open(SessionDevice.Cuda, settings, folder, rewritten, null, ct);
            if (settings.Ignored is { } ignored)
                SessionLog.IgnoresOptions(logger, folder.Name, ignored);
            return opened;
        }

        OpenedSession OpenOnBest()
        {
            try
            {
                return OpenOnCuda();
            }
            catch (ModelLoadException fault)
            {
                // A fault of the model itself shows again on the CPU, and is reported from there.
                SessionLog.RunsOnCpu(logger, folder.Name, fault.Message);
                return OpenOnCpu();
            }
        }
    }

    /// <summary>Opens a graph of the same model with more slots as the first was opened on the CPU.</summary>
    public static OpenedSession OpenBeside(OpenedSession first, ModelFolder folder, RewrittenGraph rewritten, SharedWeights weights, CancellationToken ct) =>
        Open(SessionDevice.Cpu, first.Settings, folder, rewritten, weights, ct);

    private static OpenedSession Open(
        SessionDevice device, SessionSettings settings, ModelFolder folder, RewrittenGraph? rewritten, SharedWeights? weights, CancellationToken ct)
    {
        using SessionOptions native = Configure(settings, folder, rewritten);
        if (device == SessionDevice.Cuda)
            AppendCuda(native, settings, folder);

        using ProcessEnd.Work work = ProcessEnd.Begin(ct);
        InferenceSession? session = null;
        try
        {
            using (work.Stop.UnsafeRegister(static state => ((SessionOptions)state!).SetLoadCancellationFlag(true), native))
                session = Load(native, folder, rewritten, weights);

            ct.ThrowIfCancellationRequested();
            work.Stop.ThrowIfCancellationRequested();
            return new OpenedSession(session, device, settings);
        }
        catch (OnnxRuntimeException fault)
        {
            session?.Dispose();
            ct.ThrowIfCancellationRequested();
            work.Stop.ThrowIfCancellationRequested();
            if (device == SessionDevice.Cuda && CudaRequirements.IsAtFault(fault.Message))
                throw CudaUnavailable(folder, CudaRequirements.Explain(fault.Message), fault);
            throw new ModelLoadException(
                $"ONNX Runtime cannot load '{folder.ModelFile}' on {device}: {fault.Message.TrimEnd(' ', '.')}. Check that every file of the export is in its folder, "
                + "external data included, and that this ONNX Runtime knows the graph's operators; else export the model again.",
                folder.ModelFile,
                fault);
        }
        catch (OperationCanceledException)
        {
            session?.Dispose();
            throw;
        }
    }

    private static InferenceSession Load(SessionOptions native, ModelFolder folder, RewrittenGraph? rewritten, SharedWeights? weights)
    {
        if (rewritten is null)
            return folder.LinkedGraph is { } linked ? new InferenceSession(linked, native) : new InferenceSession(folder.ModelFile, native);
        if (weights is null)
            return new InferenceSession(rewritten.File, native);

        weights.AddTo(native, rewritten.Weights);
        return new InferenceSession(rewritten.File, native, weights.Prepacked);
    }

    private static SessionOptions Configure(SessionSettings settings, ModelFolder folder, RewrittenGraph? rewritten)
    {
        var native = new SessionOptions
        {
            ExecutionMode = ExecutionMode.ORT_SEQUENTIAL,
            IntraOpNumThreads = settings.IntraOpThreads,
            InterOpNumThreads = 1,
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR,

            // A plan of the memory is kept for every combination of the inputs' shapes, of which several requests together have no end.
            EnableMemoryPattern = rewritten is not { Slots: > 1 },
        };
        try
        {
            if (folder.GraphOptimization is { } level)
                native.GraphOptimizationLevel = ParseOptimization(level, folder);
            if (rewritten is not null || folder.LinkedGraph is not null)
                native.AddSessionConfigEntry(DataFolderEntry, folder.DataFolder);
            if (rewritten is { Slots: > 1 })
                SharedArena.AddTo(native);
            foreach ((string key, string value) in settings.Entries)
                native.AddSessionConfigEntry(key, value);
            return native;
        }
        catch (OnnxRuntimeException fault)
        {
            native.Dispose();
            throw new ModelLoadException($"ONNX Runtime refuses a session entry for '{folder.Path}': {fault.Message}", folder.Path, fault);
        }
        catch (ModelLoadException)
        {
            native.Dispose();
            throw;
        }
    }

    /// <summary>Has a session run on CUDA.</summary>
    /// <exception cref="ModelLoadException">It cannot be.</exception>
    public static void AppendCuda(SessionOptions native, SessionSettings settings, ModelFolder folder)
    {
        try
        {
            using var cuda = new OrtCUDAProviderOptions();
            cuda.UpdateOptions(new Dictionary<string, string>(settings.CudaOptions));
            native.AppendExecutionProvider_CUDA(cuda);
        }
        catch (Exception fault) when (fault is OnnxRuntimeException || NativeLibrary.IsMissing(fault))
        {
            throw CudaUnavailable(folder, CudaRequirements.Explain(fault.Message), fault);
        }
    }

    private static ModelLoadException CudaUnavailable(ModelFolder folder, string why, Exception? cause, bool hasProvider = true) => CudaRequirements.Unavailable(
        folder.Path,
        why,
        hasProvider
            ? $"Package Minions.Core.Cuda brings ONNX Runtime's libraries ({GpuPackage}) alone: install what else they need, or choose provider Cpu."
            : $"Reference package Minions.Core.Cuda (or {GpuPackage}) in place of Minions.Core.Cpu, or choose provider Cpu.",
        cause);

    private static GraphOptimizationLevel ParseOptimization(string level, ModelFolder folder) =>
        Enum.TryParse(level, ignoreCase: false, out GraphOptimizationLevel parsed) && Enum.IsDefined(parsed)
            ? parsed
            : throw new ModelLoadException($"'graph_optimization_level' of '{folder.Path}' is unknown: '{level}'.", folder.Path);
}
