import COneDNN

/// A function of one value.
public enum Activation: Sendable {
  case none
  case relu
  case relu6
  case sigmoid

  /// oneDNN's name of it, with its two parameters.
  var eltwise: (algorithm: dnnl_alg_kind_t, alpha: Float, beta: Float) {
    switch self {
    case .none: (dnnl_eltwise_linear, 1, 0)
    case .relu: (dnnl_eltwise_relu, 0, 0)
    case .relu6: (dnnl_eltwise_clip, 0, 6)
    case .sigmoid: (dnnl_eltwise_logistic, 0, 0)
    }
  }
}

/// An operator that can end with an activation.
protocol ActivatedOperator: GraphOperator {
  var activation: Activation { get set }
}
