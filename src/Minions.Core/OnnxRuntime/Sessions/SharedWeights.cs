using System.Buffers;
using System.Globalization;
using System.IO.MemoryMappedFiles;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using Minions.Core.OnnxRuntime.Graph;

namespace Minions.Core.OnnxRuntime.Sessions;

/// <summary>
/// The weights that all sessions of a model read, and what ONNX Runtime makes of them for its kernels: without sharing, a session more costs
/// as much memory as the first. External data is mapped from its files, weights inside the graph are taken where they lie. Must outlive the
/// sessions. Sessions may be opened from several threads.
/// </summary>
internal sealed unsafe class SharedWeights : IDisposable
{
    // The native call for a smaller weight costs more than its memory.
    private const int MinBytes = 4096;

    private readonly Dictionary<string, OrtValue> _values = new(StringComparer.Ordinal);
    private readonly Dictionary<string, MappedFile?> _files = new(StringComparer.Ordinal);
    private readonly List<MemoryHandle> _pins = [];

    /// <param name="weights">The tensors of the original graph. Those inside of it stay in memory as long as this object.</param>
    /// <param name="folder">The folder of the external data.</param>
    public SharedWeights(IEnumerable<OnnxTensor> weights, string folder)
    {
        if (!BitConverter.IsLittleEndian)
            return;

        foreach (OnnxTensor tensor in weights)
        {
            long bytes = tensor.Dims.Aggregate((long)ElementSize(tensor.DataType), (product, dimension) => product * dimension);
            if (bytes >= MinBytes && AddressOf(tensor, bytes, folder) is { } address)
                _values.TryAdd(tensor.Name, OrtValue.CreateTensorValueWithData(OrtMemoryInfo.DefaultInstance, (TensorElementType)tensor.DataType, [.. tensor.Dims], address, bytes));
        }
    }

    /// <summary>Weights as the kernels want them, made by the first session that needs them.</summary>
    public PrePackedWeightsContainer Prepacked { get; } = new();

    /// <summary>Has a session read the weights from here.</summary>
    /// <param name="options">The options of the session.</param>
    /// <param name="names">The weights of its graph.</param>
    public void AddTo(SessionOptions options, IReadOnlySet<string> names)
    {
        foreach ((string name, OrtValue value) in _values)
        {
            if (names.Contains(name))
                options.AddInitializer(name, value);
        }
    }

    public void Dispose()
    {
        foreach (OrtValue value in _values.Values)
            value.Dispose();
        _values.Clear();
        Prepacked.Dispose();
        foreach (MemoryHandle pin in _pins)
            pin.Dispose();
        _pins.Clear();
        foreach (MappedFile? file in _files.Values)
            file?.Dispose();
        _files.Clear();
    }

    private nint? AddressOf(OnnxTensor tensor, long bytes, string folder)
    {
        if (tensor.ExternalData.Count > 0)
            return AddressInFile(tensor, bytes, folder);
        if (!tensor.HasRawData || tensor.RawData.Length != bytes)
            return null;

        MemoryHandle pin = tensor.RawData.Memory.Pin();
        _pins.Add(pin);
        return (nint)pin.Pointer;
    }

    private nint? AddressInFile(OnnxTensor tensor, long bytes, string folder)
    {
        string? location = Entry(tensor, "location");
        long offset = Number(tensor, "offset", 0);
        if (location is null || offset < 0 || offset % ElementSize(tensor.DataType) != 0 || Number(tensor, "length", bytes) != bytes)
            return null;

        string path = Path.Combine(folder, location);
        if (!_files.TryGetValue(path, out MappedFile? file))
            _files.Add(path, file = MappedFile.TryOpen(path));
        return file is not null && offset + bytes <= file.Length ? file.Address + (nint)offset : null;
    }

    private static string? Entry(OnnxTensor tensor, string key) => tensor.ExternalData.FirstOrDefault(entry => entry.Key == key)?.Value;

    private static long Number(OnnxTensor tensor, string key, long missing) => Entry(tensor, key) is not { } text ? missing
        : long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long number) ? number : -1;

    // 0 for types that hold no weights, or that pack several values into a byte.
    private static int ElementSize(int dataType) => dataType switch
    {
        OnnxElement.UInt8 or OnnxElement.Int8 => 1,
        OnnxElement.Float16 or OnnxElement.BFloat16 => 2,
        OnnxElement.Float or OnnxElement.Int32 => 4,
        _ => 0,
    };

    private sealed class MappedFile : IDisposable
    {
        private readonly MemoryMappedFile _file;
        private readonly MemoryMappedViewAccessor _view;

        private MappedFile(MemoryMappedFile file, MemoryMappedViewAccessor view, long length)
        {
            _file = file;
            _view = view;
            Length = length;
            byte* address = null;
            view.SafeMemoryMappedViewHandle.AcquirePointer(ref address);
            Address = (nint)(address + view.PointerOffset);
        }

        public nint Address { get; }

        public long Length { get; }

        /// <summary>Null where the file cannot be mapped: ONNX Runtime then reads it in its own way, or says what is wrong.</summary>
        public static MappedFile? TryOpen(string path)
        {
            MemoryMappedFile? file = null;
            try
            {
                long length = new FileInfo(path).Length;
                file = MemoryMappedFile.CreateFromFile(path, FileMode.Open, mapName: null, 0, MemoryMappedFileAccess.Read);
                return new MappedFile(file, file.CreateViewAccessor(0, 0, MemoryMappedFileAccess.Read), length);
            }
            catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or ArgumentException)
            {
                file?.Dispose();
                return null;
            }
        }

        public void Dispose()
        {
            _view.SafeMemoryMappedViewHandle.ReleasePointer();
            _view.Dispose();
            _file.Dispose();
        }
    }
}
