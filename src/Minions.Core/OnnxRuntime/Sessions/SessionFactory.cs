using Microsoft.Extensions.Logging;
using Microsoft.ML.OnnxRuntime;
using Minions.Core.OnnxRuntime.Folder;

namespace Minions.Core.OnnxRuntime.Sessions;

/// <summary>Opens ONNX Runtime sessions on the provider that was asked for. Stateless: may be used from several threads.</summary>
internal sealed class SessionFactory(ILogger logger)
{
    private const string DataFolderEntry = "session.model_external_initializers_file_folder_path";

    /// <summary>Loads a model; blocks for as long as that takes.</summary>
    /// <param name="options">Provider, threads and entries asked for in code.</param>
    /// <param name="folder">The folder of the model.</param>
    /// <param name="rewritten">The graph to load in place of the folder's own, with the folder's external data, or null.</param>
    /// <param name="defaultIntraOpThreads">The threads of an operator where neither code nor folder says.</param>
    /// <param name="ct">Stops the load.</param>
    /// <exception cref="ModelLoadException">The model, the provider or the native library cannot be loaded.</exception>
    /// <exception cref="OperationCanceledException">The load was stopped.</exception>
    public OpenedSession Open(OnnxModelOptions options, ModelFolder folder, byte[]? rewritten, int defaultIntraOpThreads, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        NativeLibrary.Load();
        var settings = SessionSettings.Resolve(options, folder, defaultIntraOpThreads, ProcessorFeatures.NeedsQuantPrecision);
        return options.Provider switch
        {
            ExecutionProvider.Cpu => OpenOnCpu(),
            ExecutionProvider.Cuda => OpenOnCuda(),
            ExecutionProvider.Auto => OpenOnBest(),
            var unknown => throw new ModelLoadException($"The execution provider '{unknown}' is unknown: use Auto, Cpu or Cuda.", folder.Path),
        };

        OpenedSession OpenOnCpu() => Open(ExecutionProvider.Cpu, settings, folder, rewritten, ct);

        OpenedSession OpenOnCuda() => Array.IndexOf(OrtEnv.Instance().GetAvailableProviders(), NativeLibrary.CudaProvider) >= 0
            ? Open(ExecutionProvider.Cuda, settings, folder, rewritten, ct)
            : throw CudaUnavailable(folder, "the native library of ONNX Runtime in use has no CUDA provider", null);

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

    private static OpenedSession Open(ExecutionProvider provider, SessionSettings settings, ModelFolder folder, byte[]? rewritten, CancellationToken ct)
    {
        using var native = Configure(settings, folder, rewritten is not null);
        if (provider == ExecutionProvider.Cuda)
            AppendCuda(native, settings, folder);

        InferenceSession? session = null;
        try
        {
            using (ct.UnsafeRegister(static state => ((SessionOptions)state!).SetLoadCancellationFlag(true), native))
                session = rewritten is null ? new InferenceSession(folder.ModelFile, native) : new InferenceSession(rewritten, native);

            ct.ThrowIfCancellationRequested();
            return new OpenedSession(session, provider, settings.IntraOpThreads, provider == ExecutionProvider.Cuda ? settings.DeviceId : 0);
        }
        catch (OnnxRuntimeException fault)
        {
            session?.Dispose();
            ct.ThrowIfCancellationRequested();
            throw new ModelLoadException($"ONNX Runtime cannot load '{folder.ModelFile}' on {provider}: {fault.Message}", folder.ModelFile, fault);
        }
        catch (OperationCanceledException)
        {
            session?.Dispose();
            throw;
        }
    }

    private static SessionOptions Configure(SessionSettings settings, ModelFolder folder, bool rewritten)
    {
        var native = new SessionOptions
        {
            ExecutionMode = ExecutionMode.ORT_SEQUENTIAL,
            IntraOpNumThreads = settings.IntraOpThreads,
            InterOpNumThreads = 1,
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR,
        };
        try
        {
            if (folder.GraphOptimization is { } level)
                native.GraphOptimizationLevel = ParseOptimization(level, folder);
            if (rewritten)
                native.AddSessionConfigEntry(DataFolderEntry, Path.GetDirectoryName(folder.ModelFile)!);
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

    private static void AppendCuda(SessionOptions native, SessionSettings settings, ModelFolder folder)
    {
        try
        {
            using var cuda = new OrtCUDAProviderOptions();
            cuda.UpdateOptions(new Dictionary<string, string>(settings.CudaOptions));
            native.AppendExecutionProvider_CUDA(cuda);
        }
        catch (Exception fault) when (fault is OnnxRuntimeException || NativeLibrary.IsMissing(fault))
        {
            throw CudaUnavailable(folder, fault.Message, fault);
        }
    }

    private static ModelLoadException CudaUnavailable(ModelFolder folder, string why, Exception? cause) => new(
        $"Model '{folder.Path}' cannot run on CUDA: {why}. Reference package Minions.Core.Cuda (or Microsoft.ML.OnnxRuntime.Gpu) in place of "
        + "Minions.Core.Cpu, with the CUDA and cuDNN that it names installed, or choose provider Cpu or Auto.",
        folder.Path,
        cause);

    private static GraphOptimizationLevel ParseOptimization(string level, ModelFolder folder) =>
        Enum.TryParse(level, ignoreCase: false, out GraphOptimizationLevel parsed) && Enum.IsDefined(parsed)
            ? parsed
            : throw new ModelLoadException($"'graph_optimization_level' of '{folder.Path}' is unknown: '{level}'.", folder.Path);
}
